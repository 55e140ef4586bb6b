// What is shared is what each host would have got by itself: the real catalog, random hosts, time that jumps.
import * as fc from 'fast-check'
import t from 'tap'
import { createPolicy, type HostRules } from '../../../collector/domain/policy-in-force.ts'
import { createSharedEvaluation } from '../../../collector/domain/shared-evaluation.ts'
import { catalog } from '../../../policy/catalog.generated.ts'
import type { Catalog } from '../../../policy/check.ts'
import { createEngine } from '../../../policy/engine.ts'
import { plainPolicy } from '../../../policy/site-policy.ts'
import type { Facet, FacetState } from '../../../proto/facet.ts'
import { facets } from '../../../proto/facets.generated.ts'
import { sealAbsent, sealFailed, sealPresent } from '../../../proto/seal.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { createTurnBudget } from '../../../runtime/turn-budget.ts'
import { startSandbox } from '../../../site/start-sandbox.ts'
import { arbitraryState } from '../../arbitrary-facts.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { smallCatalog } from '../small-catalog.ts'

const turns = createTurnBudget(systemClock, 5)
const engine = createEngine(catalog, facets, { verified: true })

function rulesOf(catalog: Catalog, known: readonly Facet[]): HostRules {
  const site = plainPolicy(catalog)
  return createPolicy({ site, waivers: [], revision: 0, facets: known, program: 'test', startSandbox }).rulesFor({})
}

/** The rules, and how many checks their judge was asked for. */
function counting(rules: HostRules) {
  let asked = 0
  const evaluate: HostRules['judge']['evaluate'] = evaluation => {
    asked += evaluation.checks?.length ?? 0
    return rules.judge.evaluate(evaluation)
  }
  return { rules: { ...rules, judge: { ...rules.judge, evaluate } }, asked: () => asked }
}

const ids = catalog.checks.map(({ id }) => id)

/** Few states per facet, so that hosts share some and differ in others. */
const states = fc.tuple(
  ...facets.map(facet =>
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: arbitraryState(facet) },
        { weight: 1, arbitrary: fc.constant(sealAbsent(facet, 'notInstalled', '')) },
        { weight: 1, arbitrary: fc.constant(sealFailed(facet, 'unreadable', 'EACCES', 'denied')) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
      { minLength: 2, maxLength: 2 },
    ),
  ),
)
const day = 86_400_000
const asked = fc.record({
  picks: fc.array(fc.nat(1), { minLength: facets.length, maxLength: facets.length }),
  nowMs: fc.oneof(
    fc.constantFrom(0, 1, day - 1, day).map(ms => Date.UTC(2026, 0, 30) + ms),
    fc.integer({ min: 0, max: 4e12 }),
  ),
  profiles: fc.subarray(catalog.profiles.map(({ id }) => id)),
  checks: fc.subarray(ids, { minLength: 1 }),
})

t.test('shared and unshared evaluation agree, whatever was evaluated before', async t => {
  const counted = counting(rulesOf(catalog, facets))
  let wanted = 0
  await fc.assert(
    fc.asyncProperty(states, fc.array(asked, { minLength: 4, maxLength: 8 }), async (pools, hosts) => {
      const evaluation = createSharedEvaluation(1_000_000, turns)
      for (const { picks, nowMs, profiles, checks } of [...hosts, ...hosts]) {
        const host = new Map(
          facets.flatMap((facet, index) => {
            const state = pools[index]?.[picks[index] ?? 0]
            return state ? [[facet.property, state] as const] : []
          }),
        )
        const alone = engine.evaluate({ facets: host, now: new Date(nowMs), checks, profiles })
        const results = await evaluation.evaluate(counted.rules, { facets: host, nowMs, checks, profiles })
        t.strictSame(
          results.map(({ result }) => result),
          alone,
        )
        wanted += checks.length
      }
    }),
    { numRuns: 40 },
  )
  t.ok(counted.asked() < wanted * 0.9, 'and some were shared')
})

t.test('a small cache changes no answer', async t => {
  const rules = rulesOf(smallCatalog(), [SmallFacet])
  const evaluation = createSharedEvaluation(1_000, turns)
  const checks = ['values-small', 'note-empty', 'seen-seldom', 'look-yourself']
  const ask = (state: FacetState) =>
    evaluation.evaluate(rules, { facets: new Map([['small', state]]), nowMs: 0, checks, profiles: [] })
  for (let round = 0; round < 3; round++) {
    for (let value = 8; value < 12; value++) {
      t.same(
        (await ask(smallState({ a: value }, `note ${value}`))).map(({ result }) => result.state),
        [value < 10 ? 'pass' : 'fail', 'fail', 'pass', 'manual'],
      )
    }
  }
})

t.test('observations are never shared: two hosts with one digest may differ in them', async t => {
  const rules = rulesOf(smallCatalog(), [SmallFacet])
  const evaluation = createSharedEvaluation(1_000_000, turns)
  const seen = async (times: number) => {
    const facets = new Map([['small', smallState({}, '', times)]])
    const found = await evaluation.evaluate(rules, { facets, nowMs: 0, checks: ['seen-seldom'], profiles: [] })
    return found.map(one => one.result.state)
  }
  t.equal(smallState({}, '', 1).digest, smallState({}, '', 9).digest)
  t.same([await seen(1), await seen(9), await seen(1)], [['pass'], ['fail'], ['pass']])
})

t.test('parameters that a profile sets make another result', async t => {
  const [check] = smallCatalog().checks
  if (!check) throw new Error('no check')
  const pass = 'small.rows.all(row, row.value < params.max)'
  const parameters = { 'values-small': { max: 20 } }
  const profile = { title: '', appliesTo: 'true', checks: ['values-small'], parameters: {} }
  const tailored: Catalog = {
    checks: [{ ...check, pass, parameters: { max: 10 } }],
    profiles: [
      { ...profile, id: 'plain' },
      { ...profile, id: 'wide', parameters },
    ],
    digest: 'tailored',
  }
  const rules = rulesOf(tailored, [SmallFacet])
  const evaluation = createSharedEvaluation(1_000_000, turns)
  const facets = new Map([['small', smallState({ a: 15 })]])
  const under = async (...profiles: string[]) => {
    const found = await evaluation.evaluate(rules, { facets, nowMs: 0, checks: ['values-small'], profiles })
    return found.map(one => one.result.state)
  }
  t.same(
    [await under('plain'), await under('wide'), await under('plain', 'wide'), await under()],
    [['fail'], ['pass'], ['pass'], ['fail']],
  )
})

t.test('a result is taken until time may change it, and not before it was made', async t => {
  const [check] = smallCatalog().checks
  if (!check) throw new Error('no check')
  const checks = [{ ...check, pass: 'now < date(small.note)', evidence: '[]' }]
  const { rules, asked } = counting(rulesOf({ checks, profiles: [], digest: 'dated' }, [SmallFacet]))
  const evaluation = createSharedEvaluation(1_000_000, turns)
  const state = sealPresent(SmallFacet, { rows: [], note: '2026-02-01', gaps: [] }, { seen: 0 })
  const at = async (time: string) => {
    const nowMs = Date.parse(time)
    const facets = new Map([['small', state]])
    const found = await evaluation.evaluate(rules, { facets, nowMs, checks: ['values-small'], profiles: [] })
    return found.map(one => one.result.state)
  }
  t.same(await at('2026-01-20T00:00:00Z'), ['pass'])
  t.same(await at('2026-01-31T23:59:59Z'), ['pass'])
  t.equal(asked(), 1)
  t.same(await at('2026-02-01T00:00:01Z'), ['fail'])
  t.equal(asked(), 2)
  t.same(await at('2026-01-10T00:00:00Z'), ['pass'])
  t.equal(asked(), 3)
})
