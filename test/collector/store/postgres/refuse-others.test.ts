// An upgrade waits until no collector of the version before works with the database.
import { join } from 'node:path'
import t from 'tap'
import type { CollectorOptions } from '../../../../collector/collector.ts'
import { migratePostgres } from '../../../../collector/store/postgres/migrate-postgres.ts'
import { openPostgresStore } from '../../../../collector/store/postgres/open-store.ts'
import { migrations } from '../../../../collector/store/sql/migrate.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { createFakeClock } from '../../../fake-clock.ts'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { startTestCollector } from '../../start-collector.ts'

const why = whyNoPostgres()
const server = why ? undefined : await startPostgres(t)
const nextNumber = (migrations.at(-1)?.number ?? 0) + 1

async function upgrading(nowMs: () => number) {
  const url = (await server?.database()) ?? ''
  const upgrade = (number: number) => {
    const next = { number, name: 'next', statements: [`create table next_${number} (id integer primary key) strict`] }
    return migratePostgres({ url }, { nowMs: nowMs(), list: [...migrations, next] })
  }
  return { url, upgrade }
}

t.test('tables change when nobody else uses them', { skip: why ?? false }, async t => {
  const clock = createFakeClock()
  const { url, upgrade } = await upgrading(clock.now)

  const before = await openPostgresStore({ url }, clock)
  t.teardown(() => before.close())
  const work = (id: string) =>
    before.write(transaction =>
      transaction.putReplica({ id, hosts: new Set(), schema: before.schema, policy: '' }, clock.now()),
    )
  await work('before')
  await openPostgresStore({ url }, clock).then(store => store.close())
  t.pass('as long as nothing is to change, another one may come beside it')

  await t.rejects(upgrade(nextNumber), { code: 'store', message: /another collector works with it: stop every coll/ })
  await before.write(transaction => transaction.deleteReplica('before'))
  t.equal(await upgrade(nextNumber), nextNumber, 'one that ended has left')

  await work('killed')
  await t.rejects(upgrade(nextNumber + 1), { code: 'store' })
  await clock.advance(90_001)
  t.equal(await upgrade(nextNumber + 1), nextNumber + 1, 'one that was killed counts for 90 seconds')
})

t.test(
  'a collector is there as soon as it has started, and left when it could not',
  { skip: why ?? false },
  async t => {
    const { url, upgrade } = await upgrading(systemClock.now)
    const database = { kind: 'postgres', url, passwordFile: '' } as const
    const root = t.testdir({})
    const start = (name: string, options: Partial<CollectorOptions>) =>
      startTestCollector(t, { dataDirectory: join(root, name), ...options })
    const collector = await start('one', { database })
    await t.rejects(upgrade(nextNumber), { code: 'store', message: /another collector works with it/ })
    await collector.close()

    const { grpcAddress } = await start('elsewhere', {})
    const grpc = { host: '127.0.0.1', port: Number(grpcAddress.split(':').at(-1)) }
    await t.rejects(start('other', { database, grpc }), { code: 'address_in_use' })
    t.equal(await upgrade(nextNumber), nextNumber)
  },
)
