// Judges a host from what is stored of it, and writes what turned: results, counters, score and drift.
import type { Check, ResultState, Severity } from '../../policy/check.ts'
import type { Engine } from '../../policy/engine.ts'
import { type FacetState, facetProperty } from '../../proto/facet.ts'
import { emptyTally, type Tally } from '../store/tally.ts'
import type { CatalogEntry, StoredResult } from '../store/transaction.ts'
import { resultDrift } from './drift-rows.ts'
import type { HostUnit, ResultCounts } from './host-unit.ts'
import { createSharedEvaluation, type Evaluated } from './shared-evaluation.ts'
import type { StateCache } from './state-cache.ts'

export type Cause =
  /** what the unit gathered */
  | 'change'
  /** another catalog or program: everything anew, and no drift */
  | 'catalog'
  /** results whose time has come */
  | 'time'

export interface Judge {
  /** the catalog and program that results are made with */
  readonly judgedWith: string
  readonly catalog: readonly CatalogEntry[]
  judge(unit: HostUnit, cause: Cause): Promise<void>
  /** whether observations of a facet can change a result */
  readsObservations(facet: string): boolean
}

/** Characters of results that hosts with the same facts share. */
const sharedCharacters = 32 * 1024 * 1024

export function createJudge(engine: Engine, states: StateCache, version: string): Judge {
  const checks = new Map(engine.catalog.checks.map(check => [check.id, describe(engine, check)]))
  const judgedWith = `${version} ${engine.catalog.digest}`
  const observing = new Set([...checks.values()].flatMap(check => (check.observes ? check.inputs : [])))
  const shared = createSharedEvaluation(engine, sharedCharacters)
  const checksOf = new Map(engine.catalog.profiles.map(profile => [profile.id, profile.checks]))

  async function judge(unit: HostUnit, cause: Cause): Promise<void> {
    const row = await unit.transaction.hostForWrite(unit.host)
    if (!row) return
    const facets = await statesOf(unit, states, observing)
    const profiles = engine.profilesFor(facets)
    const mine = [...new Set(profiles.flatMap(id => checksOf.get(id) ?? []))]
    const old = new Map((await unit.transaction.results(unit.host)).map(result => [result.check, result]))
    const whole = cause === 'catalog' || row.judgedWith !== judgedWith || !sameList(row.profiles, profiles)
    const wanted = whole ? mine : mine.filter(id => concerns(known(checks, id), old.get(id), unit, cause))
    if (wanted.length === 0 && !whole) return
    const results = shared.evaluate({ facets, nowMs: unit.nowMs, checks: wanted, profiles })
    const next = results.map(evaluated => {
      const { check } = evaluated.result
      return toStored(evaluated, known(checks, check), old.get(check), unit)
    })
    const drift = cause === 'catalog' ? [] : driftOf(unit, checks, old, results, next)
    unit.drift.push(...drift)
    const { tally, nextJudgementMs } = await write(unit, { tally: row.tally, old, next, whole })
    await unit.transaction.setJudged(unit.host, { tally, judgedWith, profiles, nextJudgementMs })
  }

  return {
    judgedWith,
    catalog: [...checks].map(([check, { severity, title, facets }]) => ({ check, severity, title, facets })),
    judge,
    readsObservations: facet => observing.has(facetProperty(facet)),
  }
}

/** The facets of a host by property, with observations where a check reads them. */
async function statesOf(
  unit: HostUnit,
  states: StateCache,
  observing: ReadonlySet<string>,
): Promise<ReadonlyMap<string, FacetState>> {
  const current = await unit.transaction.currentFacets(unit.host)
  const observations = new Map<string, string>()
  if (current.some(({ facet }) => observing.has(facetProperty(facet)))) {
    for (const { facet, body } of await unit.transaction.observations(unit.host)) observations.set(facet, body)
  }
  const found = new Map<string, FacetState>()
  for (const { facet, digest } of current) {
    const property = facetProperty(facet)
    const state = await states.get(digest, () => unit.transaction.body(digest))
    const latest = observing.has(property) ? observations.get(facet) : undefined
    if (!state) continue
    const seen = state.state === 'present' && latest !== undefined
    found.set(property, seen ? { ...state, observations: JSON.parse(latest) } : state)
  }
  return found
}

function driftOf(
  unit: HostUnit,
  checks: ReadonlyMap<string, DescribedCheck>,
  old: ReadonlyMap<string, StoredResult>,
  results: readonly Evaluated[],
  next: readonly StoredResult[],
): HostUnit['drift'] {
  return next.flatMap(({ check: id, state, sinceMs }, index) => {
    const before = old.get(id)
    const check = known(checks, id)
    if (!before || before.state === state || isQuiet(unit, check)) return []
    const result = results[index]?.result
    const why = result?.evidence[0] ?? result?.reason ?? ''
    return { row: resultDrift(id, check.title, before.state, state, why), atMs: sinceMs }
  })
}

interface Outcome {
  readonly tally: Tally
  readonly old: ReadonlyMap<string, StoredResult>
  readonly next: readonly StoredResult[]
  /** whether `next` is all there is: older results of other checks go */
  readonly whole: boolean
}

/** Writes what differs from what is stored, and keeps the counters with it. */
async function write(unit: HostUnit, outcome: Outcome) {
  const { old, next, whole } = outcome
  const tally = mutableTally(outcome.tally)
  const kept = new Map(old)
  for (const result of next) {
    const before = old.get(result.check)
    kept.set(result.check, result)
    if (before && sameResult(before, result)) continue
    await unit.transaction.putResult(unit.host, result)
    move(tally, unit.counts, before, result)
  }
  const judged = new Set(next.map(result => result.check))
  for (const gone of whole ? [...old.values()].filter(({ check }) => !judged.has(check)) : []) {
    kept.delete(gone.check)
    await unit.transaction.deleteResult(unit.host, gone.check)
    move(tally, unit.counts, gone, undefined)
  }
  const times = [...kept.values()].map(result => result.validUntilMs).filter(time => time > 0)
  const nextJudgementMs = times.length === 0 ? 0 : Math.max(Math.min(...times), unit.nowMs + 1_000)
  return { tally, nextJudgementMs }
}

function known(checks: ReadonlyMap<string, DescribedCheck>, id: string): DescribedCheck {
  const check = checks.get(id)
  if (!check) throw new Error(`check ${id} is not in the catalog`)
  return check
}

interface DescribedCheck {
  readonly severity: Severity
  readonly title: string
  readonly facets: readonly string[]
  /** those, and the ones that its remediation shows */
  readonly inputs: readonly string[]
  /** whether its expressions name observations */
  readonly observes: boolean
}

function describe(engine: Engine, { id, severity, title }: Check): DescribedCheck {
  const { facets: inputs, observes } = engine.inputsOf(id)
  return { severity, title, facets: engine.facetsOf(id), inputs, observes }
}

function concerns(check: DescribedCheck, old: StoredResult | undefined, unit: HostUnit, cause: Cause): boolean {
  if (cause === 'time') return old !== undefined && old.validUntilMs > 0 && old.validUntilMs <= unit.nowMs
  return readsAny(check, unit.changed) || (check.observes && readsAny(check, unit.observed))
}

type Touched = ReadonlyMap<string, { readonly quiet: boolean }>

function readsAny({ inputs }: DescribedCheck, touched: Touched): boolean {
  for (const facet of touched.keys()) if (inputs.includes(facetProperty(facet))) return true
  return false
}

function isQuiet(unit: HostUnit, { facets }: DescribedCheck): boolean {
  const quiet = (touched: Touched) =>
    [...touched].some(([facet, mark]) => mark.quiet && facets.includes(facetProperty(facet)))
  return quiet(unit.changed) || quiet(unit.observed)
}

function toStored(
  { result, detail, validUntilMs }: Evaluated,
  check: DescribedCheck,
  before: StoredResult | undefined,
  unit: HostUnit,
): StoredResult {
  const turned = before?.state !== result.state
  const nowMs = unit.latestMs > 0 ? unit.latestMs : unit.nowMs
  return {
    check: result.check,
    state: result.state,
    severity: check.severity,
    detail,
    sinceMs: turned ? Math.max(nowMs, before?.sinceMs ?? 0) : before.sinceMs,
    validUntilMs,
  }
}

function sameResult(a: StoredResult, b: StoredResult): boolean {
  return a.state === b.state && a.severity === b.severity && a.detail === b.detail && a.validUntilMs === b.validUntilMs
}

type MutableTally = { [S in keyof Tally]: { -readonly [R in ResultState]: number } }

function mutableTally(tally: Tally): MutableTally {
  const copy = { ...emptyTally, ...tally }
  return { critical: { ...copy.critical }, high: { ...copy.high }, medium: { ...copy.medium }, low: { ...copy.low } }
}

function move(
  tally: MutableTally,
  counts: ResultCounts,
  before: StoredResult | undefined,
  after: StoredResult | undefined,
): void {
  for (const [result, step] of [
    [before, -1],
    [after, 1],
  ] as const) {
    if (!result) continue
    tally[result.severity][result.state] += step
    const ofCheck = counts.get(result.check) ?? new Map<ResultState, number>()
    counts.set(result.check, ofCheck)
    ofCheck.set(result.state, (ofCheck.get(result.state) ?? 0) + step)
  }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}
