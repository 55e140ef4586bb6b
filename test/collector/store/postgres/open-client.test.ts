// Connections to PostgreSQL: how long the server and we wait on each.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openClient, openPool, patiently } from '../../../../collector/store/postgres/open-client.ts'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'

const why = whyNoPostgres()
if (why) t.plan(0, why)
else {
  const server = await startPostgres(t)
  const question = "select current_setting('idle_in_transaction_session_timeout') as value"

  t.test('a transaction that hangs is ended; one that waits for another database is not', async t => {
    const options = { url: await server.database() }
    const client = await openClient(options)
    t.teardown(() => client.end())
    t.match((await client.query(question)).rows, [{ value: '1min' }])
    t.match(await patiently(options, async patient => (await patient.query(question)).rows), [{ value: '0' }])
  })

  t.test('a password is read from its file whenever a connection is made', async t => {
    const [, before = '', password = '', after = ''] = /^(.*):(\w+)(@.*)$/.exec(await server.database()) ?? []
    const passwordFile = join(t.testdir({ password: `${password}\n` }), 'password')
    const options = { url: `${before}${after}`, passwordFile }
    const pool = openPool(options)
    t.teardown(() => pool.end())
    t.match((await pool.query('select 1 as one')).rows, [{ one: 1 }])
    t.match(await patiently(options, async client => (await client.query('select 2 as two')).rows), [{ two: 2 }])
    writeFileSync(passwordFile, 'another\n')
    await t.rejects(openClient(options), /password authentication failed/)
    rmSync(passwordFile)
    await t.rejects(openClient(options), { code: 'store', message: /ENOENT/ })
  })
}
