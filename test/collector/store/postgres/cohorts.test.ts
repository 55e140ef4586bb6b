// Cohorts on a real PostgreSQL server.
import t from 'tap'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { openDomain } from '../../open-domain.ts'
import { cohortSuite } from '../cohort-suite.ts'

const why = whyNoPostgres()
if (why) t.plan(0, why)
else {
  const server = await startPostgres(t)
  cohortSuite(t, async t => {
    const url = await server.database()
    return { ...(await openDomain(t, { database: url })), location: { kind: 'postgres', url, passwordFile: '' } }
  })
}
