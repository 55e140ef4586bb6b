// What is evaluated for each cause, counted check by check: hosts with the same facts share, a change evaluates what reads
// it, a waiver evaluates nothing, time what it is about.
import t, { type Test } from 'tap'
import * as z from 'zod'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import type { Catalog, Check } from '../../../policy/check.ts'
import { everyHost } from '../../../policy/host-selector.ts'
import { plainPolicy } from '../../../policy/site-policy.ts'
import { defineFacet, type FacetState } from '../../../proto/facet.ts'
import { sealPresent } from '../../../proto/seal.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { changeOf, type Domain, openDomain } from '../open-domain.ts'

const noon = Date.UTC(2026, 10, 22, 12)
const OtherFacet = defineFacet({
  ...{ name: 'other', version: 1, title: 'Another one', facts: { note: z.string() }, observations: {} },
})
const otherState = (note: string) => sealPresent(OtherFacet, { note, gaps: [] }, {})

const base = { rationale: 'why', remediation: 'do it', references: [], parameters: {}, tests: [], evidence: '[]' }
const checks: readonly Check[] = [
  { ...base, id: 'of-small', title: 'Of small', severity: 'high', pass: 'small.rows.all(row, row.value < 10)' },
  { ...base, id: 'of-other', title: 'Of other', severity: 'high', pass: 'other.note != "bad"' },
  { ...base, id: 'of-both', title: 'Of both', severity: 'low', pass: 'small.note == other.note' },
  {
    ...{ ...base, id: 'of-time', title: 'Of time', severity: 'low' },
    pass: 'small.note == "" || timestamp(small.note) > now',
  },
]
const catalogOf = (list: readonly Check[], digest: string): Catalog => ({
  ...{ checks: list, digest },
  profiles: [{ id: 'all', title: 'All', appliesTo: 'true', checks: list.map(({ id }) => id), parameters: {} }],
})
const all = ['of-both', 'of-other', 'of-small', 'of-time']

async function start(t: Test) {
  const clock = createFakeClock(noon)
  const catalog = catalogOf(checks, 'one')
  const domain = await openDomain(t, { clock, catalog, facets: [SmallFacet, OtherFacet] })
  let asked: string[] = []
  const count = () => {
    const { judge } = domain.policies.current.rulesFor({})
    const { evaluate } = judge
    const counted: typeof evaluate = evaluation => {
      asked.push(...(evaluation.checks ?? []))
      return evaluate(evaluation)
    }
    Object.assign(judge, { evaluate: counted })
  }
  count()
  let sequence = 0
  const put = async (host: number, state: FacetState) => {
    const change = changeOf(++sequence, state)
    await domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
  }
  /** Checks that were evaluated since it was asked last. */
  const evaluated = async () => {
    await domain.judging.idle()
    const found = asked.toSorted()
    asked = []
    return found
  }
  return { domain, clock, put, evaluated, count }
}

async function addHost({ open }: Domain, name: string, put: (host: number, state: FacetState) => Promise<void>) {
  const { host } = await open(name)
  await put(host, smallState({ a: 1 }))
  await put(host, otherState(''))
  return host
}

t.test('hosts with the same facts are evaluated once', async t => {
  const { domain, put, evaluated } = await start(t)
  await addHost(domain, 'first', put)
  t.same([...new Set(await evaluated())], all)
  for (let index = 0; index < 20; index++) await addHost(domain, `host-${index}`, put)
  const more = await evaluated()
  t.ok(
    more.length <= 2 * all.length,
    `${more.length} evaluations for 20 hosts, some of them before both facets were there`,
  )
  await addHost(domain, 'last', put)
  t.same(await evaluated(), [], 'whatever has been seen is not evaluated again')
  const { items } = await domain.store.read.results({}, { limit: 500 })
  t.equal(items.length, 22 * all.length)
})

t.test('a change evaluates the checks that read the facet that changed', async t => {
  const { domain, put, evaluated } = await start(t)
  const host = await addHost(domain, 'one', put)
  await evaluated()
  await put(host, otherState('new'))
  t.same(await evaluated(), ['of-both', 'of-other'])
  await put(host, smallState({ a: 2 }))
  t.same(await evaluated(), ['of-both', 'of-small', 'of-time'])
  await put(host, smallState({ a: 2 }))
  t.same(await evaluated(), [], 'the same facts again are no change')
})

t.test('another policy evaluates what it says otherwise', async t => {
  const { domain, put, evaluated, count } = await start(t)
  await addHost(domain, 'one', put)
  await addHost(domain, 'two', put)
  await evaluated()
  const changed = checks.map(check => (check.id === 'of-other' ? { ...check, pass: 'other.note == "good"' } : check))
  await domain.policies.replace(plainPolicy(catalogOf(changed, 'two')))
  count()
  t.same(await evaluated(), ['of-other'], 'once for both hosts')
  const { items } = await domain.store.read.results({ state: 'fail' }, { limit: 10 })
  t.same(
    items.map(({ check }) => check),
    ['of-other', 'of-other'],
  )
})

t.test('a waiver that comes, goes or ends evaluates nothing', async t => {
  const { domain, clock, put, evaluated } = await start(t)
  const host = await addHost(domain, 'one', put)
  await put(host, smallState({ a: 99 }))
  await evaluated()
  const waived = async () => (await domain.store.read.results({ waived: true }, { limit: 9 })).items.length
  const waiver = { id: 'w', hosts: everyHost, check: 'of-small', reason: 'r', owner: 'o', ticket: '' }
  const add = async (expiresAt: string) => {
    await domain.store.write(transaction => transaction.addWaiver({ ...waiver, expiresAt }))
    await domain.policies.reload()
  }
  await add('2999-01-01T00:00:00.000Z')
  t.same([await evaluated(), await waived()], [[], 1])
  await domain.store.write(transaction => transaction.removeWaiver('w'))
  await domain.policies.reload()
  t.same([await evaluated(), await waived()], [[], 0])
  await add(new Date(noon + 3_600_000).toISOString())
  t.same([await evaluated(), await waived()], [[], 1])
  await clock.advance(3_600_001)
  while ((await waived()) > 0) await settle()
  t.same(await evaluated(), [])
})

t.test('time evaluates the checks whose results it ends', async t => {
  const { domain, clock, put, evaluated } = await start(t)
  const host = await addHost(domain, 'one', put)
  await put(host, smallState({ a: 1 }, new Date(noon + 3_600_000).toISOString()))
  await evaluated()
  await clock.advance(3_599_000)
  t.same(await evaluated(), [], 'not before')
  await clock.advance(1_001)
  while ((await domain.store.read.results({ state: 'fail' }, { limit: 1 })).items.length === 0) await settle()
  t.same(await evaluated(), ['of-time'])
})
