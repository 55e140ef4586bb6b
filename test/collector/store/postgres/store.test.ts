// The suite of every store, on a real PostgreSQL server.
import t from 'tap'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { openDomain } from '../../open-domain.ts'
import { storeSuite } from '../store-suite.ts'

const why = whyNoPostgres()
if (why) t.plan(0, why)
else {
  const server = await startPostgres(t)
  storeSuite(t, async (t, options) => openDomain(t, { ...options, database: await server.database() }))
}
