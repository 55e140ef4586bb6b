// A host as it stood at any time, against a model: random changes, late ones, wrong clocks, gaps, other policies, retention.
import fc from 'fast-check'
import type { Test } from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { pruneOnce } from '../../../collector/domain/retention.ts'
import { RetentionSchema, retentionRules } from '../../../collector/retention-config.ts'
import { plainPolicy } from '../../../policy/site-policy.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { isoTime } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { createFakeClock, type FakeClock } from '../../fake-clock.ts'
import { smallState } from '../../small-facet.ts'
import { changeOf, type Domain } from '../open-domain.ts'
import { smallCatalog } from '../small-catalog.ts'
import type { OpenDomain } from './store-suite.ts'

/** What happens to one host, one after the other. */
type Event =
  | {
      readonly kind: 'change'
      readonly value: number
      readonly note: string
      readonly lateMs: number
      readonly skewMs: number
      readonly merged: number
    }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'judge' }
  | { readonly kind: 'policy'; readonly without: readonly string[] }
  | { readonly kind: 'retention'; readonly keptMs: number }

const change = fc.record({
  kind: fc.constant('change' as const),
  value: fc.constantFrom(1, 2, 11, 12),
  note: fc.constantFrom('', 'n'),
  lateMs: fc.oneof(fc.constant(0), fc.integer({ min: -5_000, max: 60_000 })),
  skewMs: fc.constantFrom(0, 0, 0, -7_000, 7_000, 86_400_000),
  merged: fc.constantFrom(0, 0, 0, 3),
})
const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: change },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
    },
    { weight: 5, arbitrary: fc.constant({ kind: 'judge' as const }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('policy' as const), without: fc.constantFrom([], ['note-empty']) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('retention' as const), keptMs: fc.integer({ min: 1, max: 40_000 }) }),
    },
  ),
  { minLength: 1, maxLength: 30 },
)

interface Stretch {
  readonly value: string
  readonly sinceMs: number
  untilMs: number
  /** nobody kept it */
  isGone: boolean
}

/** What is known of one host, kept without a database. */
interface Model {
  readonly facet: Stretch[]
  readonly gaps: { readonly fromMs: number; readonly toMs: number }[]
  readonly results: Map<string, Stretch[]>
  /** since when the newest change holds that nobody judged, undefined when there is none */
  pendingMs: number | undefined
  latest: { readonly value: number; readonly note: string } | undefined
  without: readonly string[]
  /** results that ended before are gone */
  resultsKeptMs: number
}

const open = Number.POSITIVE_INFINITY
const standing = (stretches: readonly Stretch[]) => stretches.findLast(({ untilMs }) => untilMs === open)
const stateAt = (stretches: readonly Stretch[], atMs: number) =>
  stretches.findLast(({ sinceMs, untilMs }) => sinceMs <= atMs && atMs < untilMs)

function turn(stretches: Stretch[], value: string, sinceMs: number): void {
  const before = standing(stretches)
  if (before?.value === value) return
  const atMs = Math.max(sinceMs, before?.sinceMs ?? 0)
  if (before) before.untilMs = atMs
  stretches.push({ value, sinceMs: atMs, untilMs: open, isGone: false })
}

function applyToModel(model: Model, event: Event & { kind: 'change' }, digest: string, nowMs: number): void {
  const before = standing(model.facet)
  const seenMs = Math.min(nowMs - event.lateMs + event.skewMs, nowMs)
  const sinceMs = Math.max(seenMs, before?.sinceMs ?? 0, 0)
  if (event.merged > 0) {
    const fromMs = Math.max(nowMs - event.lateMs - 5_000 + event.skewMs, before?.sinceMs ?? 0, 0)
    model.gaps.push({ fromMs: Math.min(fromMs, sinceMs), toMs: sinceMs })
  }
  if (before?.value === digest) return
  turn(model.facet, digest, sinceMs)
  model.latest = event
  model.pendingMs = Math.max(sinceMs, model.pendingMs ?? 0)
}

/** What the checks of the small catalog come to, said once more; one that reads no facet stands since it was judged. */
function judgeModel(model: Model, nowMs: number): void {
  const { latest } = model
  if (!latest) return
  const states: Readonly<Record<string, string>> = {
    'values-small': latest.value < 10 ? 'pass' : 'fail',
    'note-empty': latest.note === '' ? 'pass' : 'fail',
    'seen-seldom': 'error',
    'look-yourself': 'manual',
  }
  for (const [check, state] of Object.entries(states)) {
    const stretches = model.results.get(check) ?? []
    model.results.set(check, stretches)
    const before = standing(stretches)
    if (model.without.includes(check)) {
      if (before) before.untilMs = Math.max(nowMs, before.sinceMs)
    } else turn(stretches, state, check === 'look-yourself' ? nowMs : Math.min(model.pendingMs ?? nowMs, nowMs))
  }
  model.pendingMs = undefined
}

interface World {
  readonly domain: Domain
  readonly clock: FakeClock
  hosts: number
  resultsKeptMs: number
}

async function run(world: World, list: readonly Event[]): Promise<void> {
  const { domain, clock } = world
  const { host, id } = await domain.open(`host-${++world.hosts}`)
  const model: Model = {
    ...{ facet: [], gaps: [], results: new Map(), pendingMs: undefined, latest: undefined, without: [] },
    resultsKeptMs: world.resultsKeptMs,
  }
  let sequence = 0
  // Judged when time has gone on, so that nobody judges meanwhile.
  const judge = async () => {
    await domain.judging.idle()
    judgeModel(model, clock.now())
  }
  for (const event of list) {
    if (event.kind === 'wait') {
      await judge()
      await clock.advance(event.ms)
    }
    if (event.kind === 'judge') await judge()
    if (event.kind === 'change') {
      await judge()
      const state = smallState({ a: event.value }, event.note)
      await put(domain, host, ++sequence, state, event, clock.now())
      applyToModel(model, event, state.digest, clock.now())
      await judge()
    }
    if (event.kind === 'policy') {
      await judge()
      await domain.policies.replace(plainPolicy(smallCatalog(`without ${event.without}`, event.without)))
      model.without = event.without
      await judge()
    }
    if (event.kind === 'retention') await forget(world, model, event.keptMs)
  }
  await judge()
  await compare(domain, id, model, clock.now())
  await domain.policies.replace(plainPolicy(smallCatalog('without ')))
  await domain.judging.idle()
}

function put(
  { commits, apply }: Domain,
  host: number,
  sequence: number,
  state: FacetState,
  event: Event & { kind: 'change' },
  nowMs: number,
) {
  const { lateMs, skewMs, merged } = event
  const observedAtMs = nowMs - lateMs
  const gap = merged === 0 ? {} : { gap: { changes: merged, fromMs: observedAtMs - 5_000 } }
  return commits.submit(host, unit =>
    applyChange(unit, changeOf(sequence, state, { observedAtMs, skewMs, ...gap }), apply),
  )
}

const forever = retentionRules(
  RetentionSchema.parse(
    Object.fromEntries(
      ['history', 'drift', 'results', 'gaps', 'trends', 'retiredHosts', 'enrollments'].map(key => [key, 'forever']),
    ),
  ),
)

async function forget(world: World, model: Model, keptMs: number): Promise<void> {
  const { domain, clock } = world
  const rules = { ...forever, history: keptMs, endedResults: keptMs }
  const impatient = { ...clock, sleep: async () => undefined }
  const options = { store: domain.store, rules, clock: impatient, log: silentLog, onPruned: () => undefined }
  await pruneOnce(options, await domain.store.upkeep.newestBody(), new AbortController().signal)
  const beforeMs = clock.now() - keptMs
  for (const stretch of model.facet) if (stretch.untilMs < beforeMs) stretch.isGone = true
  world.resultsKeptMs = Math.max(world.resultsKeptMs, beforeMs)
  model.resultsKeptMs = world.resultsKeptMs
}

/** At every turn of the model, and just before it. */
async function compare({ store }: Domain, id: string, model: Model, nowMs: number): Promise<void> {
  const turns = [model.facet, ...model.results.values()].flat().flatMap(({ sinceMs, untilMs }) => [sinceMs, untilMs])
  const gaps = model.gaps.flatMap(({ fromMs, toMs }) => [fromMs, toMs])
  const times = [...turns, ...gaps, model.resultsKeptMs, nowMs].filter(at => Number.isFinite(at) && at > 0)
  for (const atMs of new Set(times.flatMap(at => [at - 1, at]))) {
    await compareFacet(store, id, model, atMs)
    await compareResults(store, id, model, atMs)
  }
}

async function compareFacet(store: Domain['store'], id: string, model: Model, atMs: number): Promise<void> {
  const expected = stateAt(model.facet, atMs)
  const found = await store.read.facetAt(id, 'small', atMs)
  const { items, gone } = await store.read.facetsAt(id, atMs)
  const kept = model.facet.find(stretch => !stretch.isGone)
  const isGone = model.facet[0]?.isGone === true && atMs < (kept?.sinceMs ?? 0)
  same(found?.current.digest, isGone ? undefined : expected?.value, `facet at ${isoTime(atMs)}`)
  same(gone, isGone ? ['small'] : [], `gone at ${isoTime(atMs)}`)
  same(
    items.map(({ digest, since }) => [digest, since]),
    isGone || !expected ? [] : [[expected.value, isoTime(expected.sinceMs)]],
    `facets at ${isoTime(atMs)}`,
  )
  const gap = model.gaps.findLast(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
  const told = await store.read.gapAt(id, 'small', atMs)
  same(told?.to, gap && isoTime(gap.toMs), `gap at ${isoTime(atMs)}`)
}

async function compareResults(store: Domain['store'], id: string, model: Model, atMs: number): Promise<void> {
  const keptMs = await store.read.prunedBefore('endedResults')
  if (keptMs > model.resultsKeptMs) throw new Error(`only what ended since ${isoTime(keptMs)} is kept`)
  if (atMs < keptMs) return
  const expected = [...model.results].flatMap(([check, stretches]) => {
    const stretch = stateAt(stretches, atMs)
    return stretch ? [[check, stretch.value, isoTime(stretch.sinceMs)]] : []
  })
  const found: string[][] = []
  for (let cursor: { readonly cursor?: string } | undefined = {}; cursor; ) {
    const page = await store.read.resultsAt({ hostId: id, atMs }, { limit: 2, ...cursor })
    found.push(...page.items.map(({ check, state, since }) => [check, state, since]))
    cursor = page.nextCursor === undefined ? undefined : { cursor: page.nextCursor }
  }
  same(found.sort(), expected.sort(), `results at ${isoTime(atMs)}`)
}

/** A difference is told with what was to be. */
function same(found: unknown, wanted: unknown, what: string): void {
  const [is, was] = [found, wanted].map(value => JSON.stringify(value))
  if (is !== was) throw new Error(`${what}: found ${is}, wanted ${was}`)
}

export function pastSuite(t: Test, openDomain: OpenDomain, runs: number): void {
  t.test('a host at any time is what the model says', async t => {
    const clock = createFakeClock()
    const domain = await openDomain(t, { clock, catalog: smallCatalog('without ') })
    const world: World = { domain, clock, hosts: 0, resultsKeptMs: 0 }
    await fc.assert(
      fc.asyncProperty(events, list => run(world, list)),
      { numRuns: runs, endOnFailure: true, includeErrorInReport: true },
    )
    t.ok(world.hosts >= runs, `${world.hosts} hosts`)
  })
}
