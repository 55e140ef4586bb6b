// How long failures stood, on a real PostgreSQL server.
import t from 'tap'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { openDomain } from '../../open-domain.ts'
import { fixSuite } from '../fix-suite.ts'

const why = whyNoPostgres()
if (why) t.plan(0, why)
else {
  const server = await startPostgres(t)
  fixSuite(t, async (t, options) => openDomain(t, { ...options, database: await server.database() }), 15)
}
