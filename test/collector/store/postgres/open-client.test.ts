// Connections to PostgreSQL: how long the server and we wait on each.
import t from 'tap'
import { openClient, patiently } from '../../../../collector/store/postgres/open-client.ts'
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
}
