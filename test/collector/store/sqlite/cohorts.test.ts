// Cohorts on SQLite, and what a check finds when their counters are off.
import t from 'tap'
import { applyChange } from '../../../../collector/domain/apply-change.ts'
import { checkStore } from '../../../../collector/store/look-after.ts'
import { openWriter } from '../../../../collector/store/sqlite/open-database.ts'
import { everyHost } from '../../../../policy/host-selector.ts'
import { smallState } from '../../../small-facet.ts'
import { changeOf, openDomain } from '../../open-domain.ts'
import { cohortSuite } from '../cohort-suite.ts'

cohortSuite(t, async t => {
  const domain = await openDomain(t)
  return { ...domain, location: { kind: 'sqlite', path: domain.path } }
})

t.test('a check names counters and deviations that are off', async t => {
  const domain = await openDomain(t)
  const { host } = await domain.open('a')
  for (const [index, state] of [smallState({ a: 1 }), smallState({ a: 2 })].entries()) {
    await domain.commits.submit(host, unit => applyChange(unit, changeOf(index + 1, state), domain.apply))
  }
  await domain.store.write(async transaction => {
    await transaction.addCohort({ id: 'all', description: '', hosts: everyHost }, 1)
    const { digest } = smallState({ a: 1 })
    await transaction.putPin('all', { facet: 'small', digest, by: 'x', atMs: 1 })
  })
  const location = { kind: 'sqlite', path: domain.path } as const
  t.same((await checkStore(location)).problems, [])
  await domain.close()
  const handle = openWriter(domain.path)
  handle.exec('update cohort_state set hosts = hosts + 1; delete from cohort_deviation')
  handle.close()
  t.same((await checkStore(location)).problems.toSorted(), [
    'the counter of hosts of cohort all is off',
    'the counter of small of cohort all is off',
    'who deviates from the pinned small of cohort all is off',
  ])
})
