// What SQLite keeps for receivers.
import t from 'tap'
import { openDriftStore } from '../../notify/drift-store.ts'
import { notificationSuite } from '../notification-suite.ts'

notificationSuite(t, (t, clock) => openDriftStore(t, clock, { directory: t.testdir({}) }))
