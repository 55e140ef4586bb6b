// An upgrade waits until no collector of the version before works with the database.
import t from 'tap'
import { migratePostgres } from '../../../../collector/store/postgres/migrate-postgres.ts'
import { openPostgresStore } from '../../../../collector/store/postgres/open-store.ts'
import { migrations } from '../../../../collector/store/sql/migrate.ts'
import { createFakeClock } from '../../../fake-clock.ts'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'

const why = whyNoPostgres()
t.test('tables change when nobody else uses them', { skip: why ?? false }, async t => {
  const server = await startPostgres(t)
  const url = await server.database()
  const clock = createFakeClock()
  const nextNumber = (migrations.at(-1)?.number ?? 0) + 1
  const upgrade = (number: number) => {
    const next = { number, name: 'next', statements: [`create table next_${number} (id integer primary key) strict`] }
    return migratePostgres({ url }, { nowMs: clock.now(), list: [...migrations, next] })
  }

  const before = await openPostgresStore({ url }, clock)
  t.teardown(() => before.close())
  const work = (id: string) => before.write(transaction => transaction.putReplica(id, new Set(), clock.now()))
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
