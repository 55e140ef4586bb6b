// Every list over HTTP from its first row to its last, with 10,000 rows and more: none twice and none missing, also
// while rows are added. A list that is new has to be filled in paged-lists.ts.
import { join } from 'node:path'
import t from 'tap'
import * as z from 'zod'
import { createApp } from '../../../collector/api/app.ts'
import { openHttpServer } from '../../../collector/api/http-server.ts'
import { routes } from '../../../collector/api/routes.generated.ts'
import { openSqliteStore } from '../../../collector/store/sqlite/open-store.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { apiOptionsOf } from './api-options-of.ts'
import { checkNames, type PagedList, type PagedWorld, pagedLists, shortLists } from './paged-lists.ts'

const rows = 10_000
const added = 600
type Item = Readonly<Record<string, unknown>>

async function openWorld(): Promise<{ readonly world: PagedWorld; readonly base: string }> {
  const store = await openSqliteStore(join(t.testdir({}), 'collector.db'), systemClock)
  const opening = { hostKey: 'k', hostname: 'node-much', machineId: '', bootId: '', agentVersion: '1', outboxId: 'o' }
  const { id, host } = await store.write(async transaction => {
    const entries = [...checkNames(rows + added * 9), 'check-of-history']
    await transaction.putPolicy({
      ...{ version: 'v', putBy: '', catalog: '', catalogVersion: 'v', digests: new Map(), waivers: [], atMs: 1 },
      entries: entries.map(check => ({ check, severity: 'high', title: check, facets: [] })),
    })
    await transaction.putToken({
      ...{ id: 'abc', description: '', createdAtMs: 1, expiresAtMs: 2, maxUses: 1, uses: 0, labels: {} },
      ...{ needsApproval: true, revokedAtMs: 0, secretHash: 'sha256:x' },
    })
    return transaction.openHost({ ...opening, labels: {}, skewMs: 0, atMs: Date.now() })
  })
  const world: PagedWorld = { store, hostId: id, host, catalog: { checks: [], profiles: [], digest: '' } }
  const app = createApp(apiOptionsOf(store, { catalog: () => world.catalog }))
  const server = await openHttpServer({ host: '127.0.0.1', port: 0 }, app)
  t.teardown(async () => {
    await server.close(0)
    await store.close()
  })
  return { world, base: `http://${server.address}/api/v1/` }
}

const { world, base } = await openWorld()

async function* pagesOf(path: string, limit: number): AsyncGenerator<readonly Item[]> {
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    const url = new URL(path.replace('HOST', world.hostId), base)
    url.searchParams.set('limit', String(limit))
    if (cursor !== '') url.searchParams.set('cursor', cursor)
    const response = await fetch(url)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    const page = (await response.json()) as { readonly items: readonly Item[]; readonly nextCursor?: string }
    if (page.items.length > limit || (page.nextCursor !== undefined && page.items.length < limit)) {
      throw new Error(`${path}: ${page.items.length} rows on a page of ${limit}`)
    }
    yield page.items
    cursor = page.nextCursor
  }
}

/** @param onPage what happens between two pages */
async function keysOf(
  list: Pick<PagedList, 'keyOf'>,
  path: string,
  limit: number,
  onPage: () => Promise<void>,
): Promise<unknown[]> {
  const keys: unknown[] = []
  for await (const items of pagesOf(path, limit)) {
    for (const item of items) keys.push(list.keyOf(item))
    await onPage()
  }
  return keys
}

const isList = (schema: z.ZodType): boolean => schema instanceof z.ZodObject && 'items' in schema.shape
const hasPages = ({ query }: (typeof routes)[number]): boolean => query !== undefined && 'cursor' in query.shape

t.test('every list has a way to be filled here, or a reason to be short', async t => {
  const paged = routes.filter(hasPages).map(({ path }) => path)
  t.same(
    paged.filter(path => !(path in pagedLists)),
    [],
    'a list that comes in pages needs an entry in test/collector/api/paged-lists.ts that puts 10,000 rows of it',
  )
  t.same(
    Object.keys(pagedLists).filter(path => !paged.includes(path)),
    [],
    'nothing else stands there',
  )
  const whole = routes.filter(route => 'schema' in route.answer && isList(route.answer.schema) && !hasPages(route))
  t.same(
    whole.map(({ path }) => path).sort(),
    Object.keys(shortLists).sort(),
    'a list without pages needs a reason in shortLists of test/collector/api/paged-lists.ts',
  )
})

const ofResults: Pick<PagedList, 'keyOf'> = { keyOf: ({ check }) => check }

/** Lists that show the same rows are filled once. */
const filled = new Map<PagedList['fill'], number>()
for (const [route, list] of Object.entries(pagedLists)) {
  t.test(`${route} comes whole in pages, also while rows are added`, async t => {
    if (!filled.has(list.fill)) await list.fill(world, 0, rows)
    let from = Math.max(filled.get(list.fill) ?? 0, rows)
    const [first = ''] = list.paths
    const before = await keysOf(list, first, 500, async () => undefined)
    t.ok(before.length >= rows, `${before.length} rows`)
    for (const [index, path] of list.paths.entries()) {
      let pages = 0
      const keys = await keysOf(list, path, 497 - index, async () => {
        pages += 1
        if (pages % 7 !== 0) return
        await list.fill(world, from, added / 4)
        from += added / 4
      })
      const seen = new Set(keys)
      t.equal(seen.size, keys.length, `${path}: none twice of ${keys.length}`)
      t.same(before.filter(key => !seen.has(key)).slice(0, 3), [], `${path}: none missing`)
    }
    filled.set(list.fill, from)
  })
}

t.test('a report has every result once, however many there are', async t => {
  const count = (await keysOf(ofResults, 'hosts/HOST/results', 500, async () => undefined)).length
  const csv = await (await fetch(new URL(`reports/csv?host=${world.hostId}`, base))).text()
  const checks = csv.split('\r\n').flatMap(line => /"(check-[0-9a-z-]+)"/.exec(line)?.[1] ?? [])
  t.ok(count >= rows)
  t.equal(checks.length, count)
  t.equal(new Set(checks).size, count)
  const ocsf = await (await fetch(new URL(`reports/ocsf?host=${world.hostId}`, base))).text()
  t.equal(ocsf.trimEnd().split('\n').length, count)
})
