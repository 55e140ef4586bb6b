// What PostgreSQL keeps for receivers.
import t from 'tap'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { openDriftStore } from '../../notify/drift-store.ts'
import { notificationSuite } from '../notification-suite.ts'

const why = whyNoPostgres()
const server = why ? undefined : await startPostgres(t)

t.test('PostgreSQL', { skip: why ?? false }, async t => {
  notificationSuite(t, async (t, clock) => openDriftStore(t, clock, { database: (await server?.database()) ?? '' }))
})
