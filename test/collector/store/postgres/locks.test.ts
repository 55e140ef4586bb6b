// Locks of work that one collector at a time does: who waits for one asks over a connection that it has.
import t from 'tap'
import { ifAlone } from '../../../../collector/store/postgres/locks.ts'
import { openClient, openPool } from '../../../../collector/store/postgres/open-client.ts'
import { postgresUpkeep } from '../../../../collector/store/postgres/postgres-upkeep.ts'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'

const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none', passwordFile: '' }

t.test(
  'while somebody has a lock, nobody opens a connection to ask for it',
  { skip: whyNoPostgres() ?? false },
  async t => {
    const server = await startPostgres(t)
    const [options, elsewhere] = (await Promise.all([server.database(), server.database()])).map(url => ({
      ...{ url, passwordFile: '' },
    }))
    if (!options || !elsewhere) throw new Error('no databases')
    const pool = openPool(options)
    t.teardown(() => pool.end())
    const waiting = postgresUpkeep(nowhere, pool)
    const work = async () => 'done'
    await ifAlone(options, 'notify', async () => {
      t.equal(await waiting.ifAlone('notify', work), undefined)
      await t.rejects(waiting.ifAlone('trends', work), /cannot be reached/, 'one that is free is taken over its own')
    })
    await t.rejects(waiting.ifAlone('notify', work), /cannot be reached/, 'as soon as it is free')
    await ifAlone(elsewhere, 'notify', async () => {
      t.equal(await postgresUpkeep(options, pool).ifAlone('notify', work), 'done', 'another database has its own')
    })
  },
)

t.test('who cannot be told tries, and says what is wrong', async t => {
  const pool = openPool(nowhere)
  t.teardown(() => pool.end())
  await t.rejects(
    postgresUpkeep(nowhere, pool).ifAlone('notify', async () => 1),
    /cannot be reached/,
  )
})

t.test('collectors of versions before have the same locks', { skip: whyNoPostgres() ?? false }, async t => {
  const server = await startPostgres(t)
  const options = { url: await server.database(), passwordFile: '' }
  const before = await openClient(options)
  t.teardown(() => before.end())
  for (const [name, key] of [
    ['retention', 3],
    ['trends', 5],
    ['notify', 6],
    ['policy-reports', 7],
  ] as const) {
    await before.query('select pg_advisory_lock(1734435433, $1)', [key])
    t.equal(await ifAlone(options, name, async () => 'twice'), undefined, name)
    await before.query('select pg_advisory_unlock(1734435433, $1)', [key])
    t.equal(await ifAlone(options, name, async () => 'done'), 'done', name)
  }
})
