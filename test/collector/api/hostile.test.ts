// What hosts and askers say comes back as it was said, and is nothing but text wherever it is shown: every GET of the
// API, with each text of test/hostile.ts in whatever a host or an asker may name.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import { reportFormats } from '../../../collector/api/fleet-report.ts'
import type { Route } from '../../../collector/api/route.ts'
import { routes } from '../../../collector/api/routes.generated.ts'
import { newApiToken } from '../../../collector/auth/access/api-token.ts'
import { everyHost } from '../../../policy/host-selector.ts'
import { escapeHostText } from '../../../proto/seal.ts'
import { harms, hostileStrings, nameOf, textsIn } from '../../hostile.ts'
import { smallState } from '../../small-facet.ts'
import { fillFleet } from '../fill-fleet.ts'
import { fillHostileFleet } from '../fill-hostile-fleet.ts'
import { startTestCollector } from '../start-collector.ts'
import { type Ask, ask } from './request.ts'

/** Of a route: which texts it has to give back as they were, in JSON; why none when it shows none. */
type Shows = readonly ('hostname' | 'label' | 'note' | 'given')[] | string

const shows: Readonly<Record<string, Shows>> = {
  '/': 'a page: it shows what no page can hold',
  '/api/v1/api-tokens': ['given'],
  '/api/v1/audit': ['given'],
  '/api/v1/checks': 'the catalog is ours',
  '/api/v1/checks/{id}': 'the catalog is ours',
  '/api/v1/cohorts': ['given'],
  '/api/v1/cohorts/{id}': ['given'],
  '/api/v1/cohorts/{id}/deviations': ['hostname'],
  '/api/v1/cohorts/{id}/outliers': 'facts that few hosts have, in a process of its own',
  '/api/v1/cohorts/{id}/pins': ['given'],
  '/api/v1/checks/{id}/trend': 'numbers',
  '/api/v1/drift': ['hostname', 'note'],
  '/api/v1/enrollment-tokens': ['given'],
  '/api/v1/enrollments': ['hostname'],
  '/api/v1/events': ['hostname', 'note'],
  '/api/v1/findings': ['hostname'],
  '/api/v1/hosts': ['hostname', 'label'],
  '/api/v1/hosts/{id}': ['hostname', 'label'],
  '/api/v1/hosts/{id}/facets': 'digests and names of facets',
  '/api/v1/hosts/{id}/facets/{facet}': ['note'],
  '/api/v1/hosts/{id}/facets/{facet}/history': 'digests and times',
  '/api/v1/hosts/{id}/gaps': 'times and names of facets',
  '/api/v1/hosts/{id}/health': ['given'],
  '/api/v1/hosts/{id}/results': ['hostname'],
  '/api/v1/hosts/{id}/results/{check}/history': 'evidence is made visible when it is found',
  '/api/v1/outliers': 'facts that few hosts have, in a process of its own',
  '/api/v1/profiles': 'the catalog is ours',
  '/api/v1/profiles/{id}': 'the catalog is ours',
  '/api/v1/query': ['hostname'],
  '/api/v1/reports/{format}': 'each form is held to it in test/report/hostile.test.ts',
  '/api/v1/receivers': 'names of the configuration',
  '/api/v1/results': ['hostname'],
  '/api/v1/session': 'who asks',
  '/api/v1/summary': 'numbers',
  '/api/v1/time-to-fix': 'numbers',
  '/api/v1/trends': 'numbers',
  '/api/v1/waivers': ['given'],
  '/api/v1/waivers/{id}': ['given'],
  '/healthz': 'one word',
  '/icon.svg': 'a picture of ours',
  '/login': 'a page of ours',
  '/metrics': 'numbers, with labels from closed lists',
  '/openapi.json': 'the routes',
  '/overview.css': 'a style of ours',
  '/readyz': 'one word',
  '/reference': 'the routes',
  '/reference.css': 'a style of ours',
}

const megabyte = `<script>=1\u001b[31m${'x'.repeat(1_000_000)}`
const collector = await startTestCollector(t)
const hosts = await fillHostileFleet(t, collector, index => `said-${index}`)
const [large] = await fillFleet(t, collector, 1, { hostname: () => 'large' })
await large?.agent.deliver(2, smallState({ [megabyte]: 99 }, megabyte))
await collector.judged()
const { items: history } = await collector.store.read.facetHistory(hosts[0]?.id ?? '', 'small', { limit: 9 })
/** As no host is any more. */
const pinned = { facet: 'small', digest: history.at(-1)?.digest ?? '', atMs: 1 }
await collector.store.write(async transaction => {
  await transaction.putToken({
    ...{ id: 'abc', description: '', createdAtMs: 1, expiresAtMs: 2, maxUses: 1, uses: 0, labels: {} },
    ...{ needsApproval: true, revokedAtMs: 0, secretHash: 'sha256:x' },
  })
  for (const [index, said] of hostileStrings.map(nameOf).entries()) {
    const { id, secretHash } = newApiToken()
    const times = { createdAtMs: index, expiresAtMs: 9e12, revokedAtMs: 0 }
    await transaction.putApiToken({
      ...{ ...times, id, description: said, role: 'viewer', labels: { said }, secretHash, createdBy: said },
      lastUsedAtMs: 0,
    })
    await transaction.putToken({
      ...{ ...times, id: id.slice(0, 8), description: said, labels: { said }, secretHash },
      ...{ maxUses: 1, uses: 0, needsApproval: false },
    })
    await transaction.putEnrollment({
      ...{ requestId: randomUUID(), tokenId: 'abc', state: 'pending', hostId: '', hostname: said, machineId: said },
      ...{ requestHash: 'sha256:x', address: said, requestedAtMs: Date.now(), decidedAtMs: 0 },
    })
    await transaction.addWaiver({
      ...{ id: `w-${index}`, reason: said, owner: said, ticket: said, check: 'no-such' },
      ...{ expiresAt: '2999-01-01T00:00:00.000Z', hosts: everyHost },
    })
    await transaction.addCohort({ id: `c-${index}`, description: said, hosts: everyHost }, index)
    await transaction.putPin(`c-${index}`, { ...pinned, by: said })
    await transaction.appendAudit({
      ...{ atMs: Date.now(), actor: said, address: said, requestId: said, action: said, target: said },
      ...{ outcome: 'done', detail: { [said]: said } },
    })
  }
  const health = {
    ...{ startedAtMs: 1, nodeVersion: '24.0.0', rssBytes: 1, memoryLimitMib: 0, cpuMs: 1, cpuPermille: 1 },
    ...{ cpuLimitPermille: 0, loopDelayMs: 1, slowdown: 1, limits: [], probes: [] },
    ...{ outbox: { entries: 0, bytes: 0, oldestMs: 0 }, watches: { directories: 1, refused: 0, misses: 0 } },
  }
  await transaction.putAgentReports(
    new Map(
      hosts.map((_, index) => [
        index + 1,
        { health: { ...health, reloadError: hostileStrings[index] ?? '' }, receivedAtMs: 1 },
      ]),
    ),
  )
})

const reads = routes.filter(({ method }) => method === 'get')
const formats = Object.keys(reportFormats)
const query: Readonly<Record<string, string>> = {
  '/api/v1/outliers': '?facet=ports',
  '/api/v1/cohorts/{id}/outliers': '?facet=ports',
  '/api/v1/query': `?all=true&expr=${encodeURIComponent('host.hostname')}`,
  '/api/v1/events': '?after=0',
}

/** Every path that there is of a route, with all rows on one page. */
function pathsOf({ path, query: takes }: Route): readonly string[] {
  const limit = takes !== undefined && 'limit' in takes.shape ? `${query[path] ? '&' : '?'}limit=500` : ''
  const end = `${query[path] ?? ''}${limit}`
  const of = (values: Readonly<Record<string, string>>) =>
    path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '') + end
  if (path.includes('{format}')) return formats.map(format => of({ format }))
  if (path.includes('/checks/')) return [of({ id: 'values-small' })]
  if (path.includes('/profiles/')) return [of({ id: 'all' })]
  if (path.includes('/cohorts/')) return hostileStrings.map((_, index) => of({ id: `c-${index}` }))
  if (path.includes('/waivers/')) return hostileStrings.map((_, index) => of({ id: `w-${index}` }))
  if (!path.includes('{')) return [of({})]
  return [...hosts, ...(large && !path.endsWith('/health') ? [large] : [])].map(({ id }) =>
    of({ id, facet: 'small', check: 'values-small' }),
  )
}

/** An event stream never ends: it is left when all that there is has come. */
async function read(
  path: string,
): Promise<{ readonly type: string; readonly text: string; readonly headers: Headers }> {
  const { lastDriftId } = await collector.get<{ lastDriftId: number }>('summary')
  const response = await fetch(`http://${collector.httpAddress}${path}`)
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? ''
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  if (type !== 'text/event-stream') return { type, text: await response.text(), headers: response.headers }
  let text = ''
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece
    if (text.includes(`"id":${lastDriftId},`) && text.endsWith('\n\n')) break
  }
  return { type, text, headers: response.headers }
}

function textsOf(type: string, text: string): ReadonlySet<string> {
  const values =
    type === 'text/event-stream'
      ? text
          .split('\n')
          .filter(line => line.startsWith('data: '))
          .map(line => JSON.parse(line.slice('data: '.length)))
      : type.endsWith('ndjson')
        ? text
            .trimEnd()
            .split('\n')
            .map(line => JSON.parse(line))
        : [JSON.parse(text)]
  return new Set(values.flatMap(textsIn))
}

t.test('every GET has a word about what it shows', async t => {
  t.same(
    reads.map(({ path }) => path).sort(),
    Object.keys(shows).sort(),
    'a new GET needs a row in test/collector/api/hostile.test.ts: what of a host it shows as it was said, or why nothing',
  )
})

for (const route of reads) {
  t.test(`GET ${route.path} holds whatever is said`, async t => {
    const seen = new Set<string>()
    for (const path of pathsOf(route)) {
      const { type, text, headers } = await read(path)
      const harm = harms[type]
      if (!harm) t.fail(`${path}: ${type} needs a judge in test/hostile.ts`)
      else t.equal(harm(text), '', path)
      t.match(headers.get('x-content-type-options'), 'nosniff', path)
      for (const [name, value] of headers) t.match(`${name}${value}`, /^[\x20-\x7e]*$/, `${path}: ${name}`)
      if (typeof shows[route.path] !== 'string') for (const found of textsOf(type, text)) seen.add(found)
    }
    if (typeof shows[route.path] === 'string') return
    const missing = hostileStrings.filter(
      said => ![said, escapeHostText(said), nameOf(said)].some(form => seen.has(form)),
    )
    t.same(missing, [], 'every text came back as it was')
  })
}

t.test('a name of a megabyte comes back whole where facts are, and short where it is told', async t => {
  const { text } = await read(`/api/v1/hosts/${large?.id}/facets/small`)
  t.equal(JSON.parse(text).facts.note, megabyte)
  const results = await read(`/api/v1/hosts/${large?.id}/results`)
  t.ok(results.text.length < 100_000, `${results.text.length} characters of results`)
  t.ok((await read('/')).text.length < 200_000, 'the overview stays small')
})

t.test('filters take every string for what it is', async t => {
  for (const [index, said] of hostileStrings.map(nameOf).entries()) {
    const found = async (filter: string, value: string) => {
      const path = `hosts?${filter}=${encodeURIComponent(value)}`
      return (await collector.get<{ items: { hostname: string }[] }>(path)).items.map(({ hostname }) => hostname)
    }
    t.same(await found('label', `said-${index}=${said}`), [said])
    t.ok((await found('q', said)).includes(said))
  }
  t.equal((await collector.hosts()).length, hostileStrings.length + 1, 'and nothing was dropped')
})

t.test('lists go on after every name', async t => {
  const names: string[] = []
  let cursor = ''
  do {
    const page = await collector.get<{ items: { hostname: string }[]; nextCursor?: string }>(`hosts?limit=1${cursor}`)
    names.push(...page.items.map(({ hostname }) => hostname))
    cursor = page.nextCursor === undefined ? '' : `&cursor=${page.nextCursor}`
  } while (cursor !== '')
  t.same(names.toSorted(), [...hostileStrings.map(nameOf), 'large'].toSorted())
})

t.test('a problem that repeats what was asked is JSON of one line', async t => {
  const wants: readonly ((said: string) => readonly [string, Ask])[] = [
    said => [`/api/v1/checks/${said}`, {}],
    said => [`/api/v1/hosts?${said}=1`, {}],
    said => [`/api/v1/hosts?status=${said}`, {}],
    said => [`/${said}`, {}],
    said => [`/api/v1/waivers/${said}`, { method: 'DELETE' }],
  ]
  for (const said of hostileStrings.map(encodeURIComponent)) {
    for (const want of wants) {
      const [path, request] = want(said)
      const { status, headers, text } = await ask(collector.httpAddress, path, request)
      t.ok(status >= 400 && status < 500, `${status}`)
      t.match(headers, { 'content-type': /^application\/problem\+json/, 'x-content-type-options': 'nosniff' })
      t.equal(harms['application/problem+json']?.(text), '')
    }
  }
})
