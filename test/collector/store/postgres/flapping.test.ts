// What flaps, on a real PostgreSQL server, for one collector and for two.
import t from 'tap'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { openDomain } from '../../open-domain.ts'
import { flapSuite } from '../flap-suite.ts'

const why = whyNoPostgres()
if (why) t.plan(0, why)
else {
  const server = await startPostgres(t)
  flapSuite(
    t,
    async t => {
      const database = await server.database()
      return options => openDomain(t, { ...options, database })
    },
    true,
  )
}
