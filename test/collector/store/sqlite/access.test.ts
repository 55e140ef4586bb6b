// Users of the API and the audit log in SQLite: what is kept, what ends with what, and what can never be undone.
import t from 'tap'
import type { StoredApiToken } from '../../../../collector/store/access-records.ts'
import { openWriter } from '../../../../collector/store/sqlite/open-database.ts'
import { openDomain } from '../../open-domain.ts'

const token = (id: string, more: Partial<StoredApiToken> = {}): StoredApiToken => ({
  ...{
    id,
    description: `for ${id}`,
    role: 'viewer',
    labels: { role: 'db' },
    createdAtMs: 1_000,
    createdBy: 'cli:root',
  },
  ...{ expiresAtMs: 9_000, lastUsedAtMs: 0, revokedAtMs: 0, secretHash: 'sha256:aa' },
  ...more,
})

t.test('a token comes back as it was put, and lists are without its hash', async t => {
  const { store } = await openDomain(t)
  await store.write(async transaction => {
    for (const id of ['a', 'b', 'c']) await transaction.putApiToken(token(id))
    await transaction.putApiToken(token('old', { createdAtMs: 1 }))
  })
  t.strictSame(await store.read.apiToken('a'), token('a'))
  t.equal(await store.read.apiToken('nobody'), undefined)
  const first = await store.read.apiTokens({ limit: 2 })
  t.same(
    first.items.map(({ id }) => id),
    ['c', 'b'],
  )
  t.notOk(first.items.some(item => 'secretHash' in item))
  const second = await store.read.apiTokens({ limit: 2, cursor: first.nextCursor ?? '' })
  t.same(
    second.items.map(({ id }) => id),
    ['a', 'old'],
  )
  t.equal(second.nextCursor, undefined)
  await t.rejects(
    store.write(transaction => transaction.putApiToken(token('a'))),
    'an id is used once',
  )
})

t.test('uses of a token only move forward', async t => {
  const { store } = await openDomain(t)
  await store.write(transaction => transaction.putApiToken(token('a')))
  for (const at of [5_000, 3_000]) await store.write(transaction => transaction.touchApiTokens(new Map([['a', at]])))
  t.equal((await store.read.apiToken('a'))?.lastUsedAtMs, 5_000)
})

t.test('a session ends by itself, and with its token', async t => {
  const { store } = await openDomain(t)
  const session = (idHash: string, tokenId: string, expiresAtMs: number) => ({
    ...{ idHash, tokenId, createdAtMs: 1_000, expiresAtMs },
  })
  await store.write(async transaction => {
    await transaction.putApiToken(token('a'))
    await transaction.putApiToken(token('b'))
    await transaction.putApiSession(session('one', 'a', 2_000))
    await transaction.putApiSession(session('two', 'a', 8_000))
    await transaction.putApiSession(session('three', 'b', 8_000))
  })
  t.strictSame(await store.read.apiSession('two'), session('two', 'a', 8_000))
  t.equal(await store.write(transaction => transaction.deleteApiSessions(2_000)), 1)
  t.equal(await store.read.apiSession('one'), undefined)
  t.equal(await store.write(transaction => transaction.revokeApiToken('a', 3_000)), true)
  t.equal(await store.write(transaction => transaction.revokeApiToken('a', 4_000)), false, 'once')
  t.equal((await store.read.apiToken('a'))?.revokedAtMs, 3_000)
  t.equal(await store.read.apiSession('two'), undefined)
  t.ok(await store.read.apiSession('three'))
  t.equal(await store.write(transaction => transaction.deleteApiSession('three')), true)
  t.equal(await store.write(transaction => transaction.deleteApiSession('three')), false)
})

t.test('the audit log only grows, whoever asks', async t => {
  const { store, path } = await openDomain(t)
  const entry = (action: string, target: string, atMs: number) => ({
    ...{ atMs, actor: 'token:a', address: '127.0.0.1', requestId: `r-${atMs}`, action, target },
    ...{ outcome: 'done' as const, detail: { reason: "'; drop table audit; --" } },
  })
  await store.write(async transaction => {
    await transaction.appendAudit(entry('hosts.delete', 'h1', 1_000))
    await transaction.appendAudit(entry('hosts.rescan', 'h1', 2_000))
    await transaction.appendAudit({ ...entry('hosts.rescan', 'h2', 3_000), outcome: 'refused' })
  })
  const { items } = await store.read.audit({}, { limit: 10 })
  t.same(
    items.map(({ id }) => id),
    [3, 2, 1],
  )
  t.strictSame(items[2], { id: 1, ...entry('hosts.delete', 'h1', 1_000) })
  const found = async (filter: Parameters<typeof store.read.audit>[0]) =>
    (await store.read.audit(filter, { limit: 10 })).items.map(({ id }) => id)
  t.same(await found({ target: 'h1' }), [2, 1])
  t.same(await found({ action: 'hosts.rescan', outcome: 'done' }), [2])
  t.same(await found({ sinceMs: 2_000, actor: 'token:a' }), [3, 2])
  t.same(await found({ actor: 'somebody' }), [])
  const page = await store.read.audit({}, { limit: 2 })
  t.same((await store.read.audit({}, { limit: 2, cursor: page.nextCursor ?? '' })).items.length, 1)
  const writer = openWriter(path)
  t.teardown(() => writer.close())
  t.throws(() => writer.exec("update audit set actor = 'nobody'"), /append-only/)
  t.throws(() => writer.exec('delete from audit'), /append-only/)
})
