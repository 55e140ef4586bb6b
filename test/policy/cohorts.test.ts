// Cohorts as people write them: in a file, and as a record.
import t from 'tap'
import { CohortSchema, cohortOfRecord } from '../../policy/cohorts.ts'
import { everyHost } from '../../policy/host-selector.ts'
import { PolicyError } from '../../policy/policy-error.ts'
import { inspectSitePolicy } from '../../policy/site-policy.ts'
import { smallCatalog } from '../collector/small-catalog.ts'
import { SmallFacet } from '../small-facet.ts'

const inspect = (text: string) => inspectSitePolicy(smallCatalog(), [{ path: 'site.yaml', text }], [SmallFacet])

t.test('a file names cohorts by a selector, or all hosts in so many words', async t => {
  const { policy, problems } = inspect(`cohorts:
  - { id: web, description: They serve., hosts: { matchLabels: { role: web } } }
  - { id: all, hosts: all }
`)
  t.same(problems, [])
  t.same(
    policy.cohorts.map(({ item }) => item),
    [
      { id: 'web', description: 'They serve.', hosts: { ...everyHost, matchLabels: { role: 'web' } } },
      { id: 'all', description: '', hosts: everyHost },
    ],
  )
})

t.test('what is wrong with a cohort is told with its place', async t => {
  const { problems, policy } = inspect(`cohorts:
  - { id: web, hosts: {} }
  - { id: "a/b", hosts: all }
  - { id: db, hosts: { matchExpressions: [{ key: role, operator: In }] } }
  - { id: db, hosts: all }
`)
  t.match(
    problems.map(({ place, message }) => [place, message]),
    [
      ['site.yaml:2:23', /selects nothing/],
      ['site.yaml:3:11', /letters, digits/],
      ['site.yaml:4:43', 'In wants `values`'],
      ['site.yaml:5:11', /used before/],
    ],
  )
  t.ok(policy.cohorts.length < 4)
})

t.test('a record is held to the same', async t => {
  const record = { id: 'web', hosts: { all: true, ids: ['a'] } }
  t.throws(() => cohortOfRecord(CohortSchema.parse(record)), PolicyError)
  t.same(cohortOfRecord(CohortSchema.parse({ id: 'web', hosts: { all: true } })).hosts, everyHost)
  for (const id of ['', '.x', 'a b', 'x'.repeat(65), '../x', 'é']) {
    t.notOk(CohortSchema.safeParse({ id, hosts: { all: true } }).success, id)
  }
  t.notOk(CohortSchema.safeParse({ id: 'a', description: 'a\nb', hosts: { all: true } }).success)
})
