import { join } from 'node:path'
import * as fc from 'fast-check'
import t from 'tap'
import { migrate, migrations, newestSchema } from '../../../../collector/store/sql/migrate.ts'
import { packBody, unpackBody } from '../../../../collector/store/sql/pack-body.ts'
import { checkDatabase } from '../../../../collector/store/sqlite/check-database.ts'
import { openWriter } from '../../../../collector/store/sqlite/open-database.ts'
import { openSqliteStore } from '../../../../collector/store/sqlite/open-store.ts'
import { sqliteConnection } from '../../../../collector/store/sqlite/sqlite-connection.ts'
import { canonicalBody } from '../../../../proto/seal.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { smallState } from '../../../small-facet.ts'

const manyRows = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`row-${index}`, index]))
const bodyOf = (state: ReturnType<typeof smallState>) => ({ ...state, body: canonicalBody(state) })

t.test('what was packed comes back, whatever its length and characters', async t => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.string({ unit: 'grapheme', minLength: 256 }))
  fc.assert(fc.property(text, body => unpackBody(packBody(body)) === body))
  t.equal(unpackBody(packBody('é'.repeat(100_000))), 'é'.repeat(100_000))
})

t.test('short bodies stay plain, long ones shrink', async t => {
  t.same(packBody('{}'), { body: '{}', packed: new Uint8Array(0) })
  const long = canonicalBody(smallState(manyRows))
  const { body, packed } = packBody(long)
  t.equal(body, '')
  t.ok(packed.length < long.length / 4, `${packed.length} bytes of ${long.length}`)
})

t.test('bytes that were not packed are an error, not a text', async t => {
  t.throws(() => unpackBody({ body: '', packed: Buffer.from('no deflate at all') }))
})

t.test('bodies of a database from before are read, and new ones lie beside them packed', async t => {
  const path = join(t.testdir({}), 'collector.db')
  const old = bodyOf(smallState(manyRows, 'old'))
  const before = openWriter(path)
  await migrate(sqliteConnection(before).database, { nowMs: 0, list: migrations.slice(0, 1) })
  before
    .prepare('insert into blob values (?, ?, ?, ?, ?)')
    .run([old.digest, old.facet, old.schemaVersion, old.state, old.body])
  before.close()
  t.match(await checkDatabase(path), { schema: 1, problems: [] })

  const store = await openSqliteStore(path, systemClock)
  t.teardown(() => store.close())
  const fresh = bodyOf(smallState(manyRows, 'fresh'))
  await store.write(async transaction => {
    await transaction.putBody(fresh.digest, fresh)
    await transaction.putBody(old.digest, old)
    t.equal((await transaction.body(old.digest))?.body, old.body)
    t.equal((await transaction.body(fresh.digest))?.body, fresh.body)
  })
  for (const { digest, facet, schemaVersion, state, body } of [old, fresh]) {
    t.same(await store.read.body(digest), { facet, schemaVersion, state, body })
    t.same(await store.read.bodyHead(digest), { facet, schemaVersion, state })
  }
  t.equal(await store.read.bodyHead('sha256:none'), undefined)
  t.match(await checkDatabase(path), { schema: newestSchema, problems: [] })
})

t.test('a packed body that is broken is found by the check', async t => {
  const path = join(t.testdir({}), 'collector.db')
  const store = await openSqliteStore(path, systemClock)
  const body = bodyOf(smallState(manyRows))
  await store.write(transaction => transaction.putBody(body.digest, body))
  await store.close()
  const writer = openWriter(path)
  writer.exec("update blob set packed = x'0102030405'")
  writer.close()
  t.match(await checkDatabase(path), { problems: [/the body of small .* has another digest/] })
})

t.test('observations from before are read, and new ones are packed', async t => {
  const path = join(t.testdir({}), 'collector.db')
  const store = await openSqliteStore(path, systemClock)
  const opening = {
    ...{ hostKey: 'a', hostname: 'a', machineId: '', bootId: '', agentVersion: '', outboxId: 'o', labels: {} },
    ...{ skewMs: 0, atMs: 1 },
  }
  const { host } = await store.write(transaction => transaction.openHost(opening))
  const body = JSON.stringify(manyRows)
  const put = (facet: string) => ({ facet, body, observedAtMs: 1, receivedAtMs: 1 })
  await store.write(async transaction => {
    await transaction.putObservations(host, put('old'))
    await transaction.putObservations(host, put('new'))
  })
  await store.close()
  const writer = openWriter(path)
  t.same(writer.prepare('select body, length(packed) > 0 as packed from observation').all([]), [
    { body: '', packed: 1 },
    { body: '', packed: 1 },
  ])
  writer.prepare("update observation set body = ?, packed = x'' where facet = 'old'").run([body])
  writer.close()
  const again = await openSqliteStore(path, systemClock)
  t.teardown(() => again.close())
  t.equal(await again.read.observations(host, 'old'), body)
  t.equal(await again.read.observations(host, 'new'), body)
  t.equal(await again.read.observations(host, 'none'), undefined)
})
