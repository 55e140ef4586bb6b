// Cohorts on SQLite.
import t from 'tap'
import { openDomain } from '../../open-domain.ts'
import { cohortSuite } from '../cohort-suite.ts'

cohortSuite(t, async t => {
  const domain = await openDomain(t)
  return { ...domain, location: { kind: 'sqlite', path: domain.path } }
})
