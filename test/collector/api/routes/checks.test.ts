// GET /api/v1/checks: the catalog page by page, and one check whole.
import t from 'tap'
import { catalog } from '../../../../policy/catalog.generated.ts'
import { facets } from '../../../../proto/facets.generated.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { silentLog } from '../../../../runtime/log.ts'
import { startTestCollector } from '../../start-collector.ts'
import { pages } from '../request.ts'

const { base } = await startTestCollector(t, { catalog, facets, clock: systemClock, log: silentLog })

interface Item {
  readonly id: string
  readonly severity: string
  readonly profiles: readonly string[]
}

t.test('every check once, by id, whatever the size of a page', async t => {
  const wanted = catalog.checks.map(({ id }) => id).sort()
  for (const limit of [1, 7, 50, 500]) {
    const found = await pages<Item>(base, `checks?limit=${limit}`)
    t.same(
      found.flat().map(({ id }) => id),
      wanted,
      `limit ${limit}`,
    )
    t.ok(found.every(page => page.length <= limit))
  }
})

t.test('by severity and by profile', async t => {
  const critical = (await pages<Item>(base, 'checks?severity=critical&limit=3')).flat()
  t.same([...new Set(critical.map(({ severity }) => severity))], ['critical'])
  t.equal(critical.length, catalog.checks.filter(({ severity }) => severity === 'critical').length)
  const cks = (await pages<Item>(base, 'checks?profile=cks&limit=9')).flat()
  t.ok(cks.length > 0 && cks.every(({ profiles }) => profiles.includes('cks')))
  t.same((await pages<Item>(base, 'checks?profile=none')).flat(), [])
})

t.test('bad parameters are named', async t => {
  const cases: readonly (readonly [string, string])[] = [
    ['limit=0', 'limit'],
    ['cursor=zzz', 'cursor'],
    ['severity=bad', 'severity'],
    ['x=1', 'x'],
  ]
  for (const [query, name] of cases) {
    const response = await fetch(`${base}/api/v1/checks?${query}`)
    t.equal(response.status, 400, query)
    t.match(JSON.stringify(await response.json()), name)
  }
})

t.test('one check with rationale and remediation, and 404 for one that is not there', async t => {
  const found = await (await fetch(`${base}/api/v1/checks/only-root-has-uid-0`)).json()
  t.match(found, { id: 'only-root-has-uid-0', rationale: /./, remediation: /./, counts: { fail: 0 } })
  t.notMatch(JSON.stringify(found), '"tests"')
  t.equal((await fetch(`${base}/api/v1/checks/nothing`)).status, 404)
})
