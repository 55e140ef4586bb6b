// Judges a host from what is stored of it: what is to be written when nobody judged it meanwhile.
import type { ResultState } from '../../policy/check.ts'
import { createWaiverFinder } from '../../policy/waivers.ts'
import { type FacetState, facetProperty } from '../../proto/facet.ts'
import type { FailureTurn } from '../store/history.ts'
import type { StoredBody } from '../store/records.ts'
import { countedOf, emptyTally, type Tally } from '../store/tally.ts'
import type {
  CountChange,
  EndedResult,
  HostToJudge,
  Judged,
  JudgementMark,
  StoredResult,
} from '../store/transaction.ts'
import { type DriftRow, resultDrift, waiverDrift } from './drift-rows.ts'
import type { DescribedCheck, HostRules, PolicyInForce } from './policy-in-force.ts'
import type { Evaluated, SharedEvaluation } from './shared-evaluation.ts'
import type { StateCache } from './state-cache.ts'

export interface Judgement {
  readonly host: number
  /** of the host that was judged: another one now means that somebody else judged it meanwhile */
  readonly revision: number
  readonly put: readonly StoredResult[]
  /** checks whose results go */
  readonly removed: readonly string[]
  readonly ended: readonly EndedResult[]
  readonly counts: readonly CountChange[]
  readonly drift: readonly { readonly row: DriftRow; readonly atMs: number }[]
  /** failures that began, and those that were fixed */
  readonly failures: readonly FailureTurn[]
  readonly judged: Judged
}

export interface JudgeHostContext {
  readonly policy: PolicyInForce
  readonly shared: SharedEvaluation
  readonly states: StateCache
  /** body of a digest that is on disk */
  readonly body: (digest: string) => Promise<StoredBody | undefined>
  /** JSON of the latest observations of a facet of a host */
  readonly observations: (host: number, facet: string) => Promise<string | undefined>
  /** check → digest in the policy that the host was judged with; undefined when nobody knows */
  readonly digestsThen: ReadonlyMap<string, string> | undefined
  readonly nowMs: number
}

export async function judgeHost(host: HostToJudge, context: JudgeHostContext): Promise<Judgement> {
  const { policy, shared, nowMs } = context
  const rules = policy.rulesFor(host.labels)
  const states = statesOf(host, context)
  const profiles = await rules.judge.profilesFor(await states(rules.judge.profileInputs))
  const mine = [...new Set(profiles.flatMap(id => rules.checksOf.get(id) ?? []))]
  const old = new Map(host.results.map(result => [result.check, result]))
  const occasions = new Map(mine.flatMap(id => occasionOf(id, old.get(id), host, rules, context)))
  const checks = [...occasions.keys()]
  const facets = await states([...rules.judge.profileInputs, ...checks.flatMap(id => known(rules, id).inputs)])
  const evaluated = await shared.evaluate(rules, { facets, nowMs, checks, profiles })
  const found = new Map(checks.map((id, index) => [id, evaluated[index]]))
  const waiverFor = createWaiverFinder(policy.waivers, host, nowMs)
  const turns = mine.map((id): Turn => {
    const turn = { check: known(rules, id), before: old.get(id), occasion: occasions.get(id), evaluated: found.get(id) }
    const made = resultOf(id, turn, nowMs)
    return { ...turn, after: { ...made, waiver: waiverFor(made)?.id ?? '' } }
  })
  const results = turns.map(({ after }) => after)
  return {
    ...outcomeOf(host, turns, nowMs),
    failures: turns.flatMap(failureTurn),
    drift: turns.flatMap(turn => [...turnDrift(turn), ...waiverEndDrift(turn, policy, nowMs)]),
    judged: {
      ...{ tally: tallyOf(results), judgedWith: policy.version, profiles, token: host.pending.token },
      nextJudgementMs: nextJudgementOf(results, policy, nowMs),
    },
  }
}

/** One check on the host: how it stood, and how it stands. */
interface Turn {
  readonly check: DescribedCheck
  readonly before: StoredResult | undefined
  readonly after: StoredResult
  /** undefined when it was not evaluated again */
  readonly occasion: Occasion | undefined
  readonly evaluated: Evaluated | undefined
}

type States = (properties: readonly string[]) => Promise<ReadonlyMap<string, FacetState>>

/** Gives facets of a host by property, with observations where a check reads them; each is read once. */
function statesOf({ host, facets }: HostToJudge, context: JudgeHostContext): States {
  const { policy, states, body, observations } = context
  const digests = new Map(facets.map(({ facet, digest }) => [facetProperty(facet), { facet, digest }]))
  const found = new Map<string, FacetState>()
  return async properties => {
    for (const property of new Set(properties)) {
      const current = digests.get(property)
      if (!current || found.has(property)) continue
      const state = await states.get(current.digest, () => body(current.digest))
      if (!state) continue
      const seen = policy.readsObservations(current.facet) ? await observations(host, current.facet) : undefined
      const isSeen = state.state === 'present' && seen !== undefined
      found.set(property, isSeen ? { ...state, observations: JSON.parse(seen) } : state)
    }
    return found
  }
}

/** Why a check is evaluated again. Its policy goes before the host, since what comes of it is no drift. */
interface Occasion {
  readonly why: 'policy' | 'change' | 'time'
  /** of what changed at the host and concerns the check */
  readonly marks: readonly JudgementMark[]
}

/** @returns the occasion under the check, nothing when there is none */
function occasionOf(
  id: string,
  before: StoredResult | undefined,
  { pending }: HostToJudge,
  rules: HostRules,
  { policy, digestsThen, nowMs }: JudgeHostContext,
): readonly (readonly [check: string, occasion: Occasion])[] {
  const { inputs, observes } = known(rules, id)
  const marks = pending.marks.filter(
    ({ facet, changed }) => inputs.includes(facetProperty(facet)) && (changed || observes),
  )
  const isOtherHost = pending.marks.some(({ facet }) => facet === '')
  if (!before || isOtherHost || digestsThen?.get(id) !== policy.digests.get(id)) return [[id, { why: 'policy', marks }]]
  if (marks.length > 0) return [[id, { why: 'change', marks }]]
  return before.validUntilMs > 0 && before.validUntilMs <= nowMs ? [[id, { why: 'time', marks }]] : []
}

function known(rules: HostRules, id: string): DescribedCheck {
  const check = rules.check(id)
  if (!check) throw new Error(`check ${id} is in a profile and not in the policy`)
  return check
}

function resultOf(id: string, turn: Omit<Turn, 'after'>, nowMs: number): StoredResult {
  const { check, before, occasion, evaluated } = turn
  if (!occasion || !evaluated) {
    if (before) return before
    throw new Error(`check ${id} has no result`)
  }
  const { result, detail, validUntilMs } = evaluated
  const isSame = before?.state === result.state
  const sinceMs = isSame ? before.sinceMs : Math.max(turnedAt(occasion, before, nowMs), before?.sinceMs ?? 0)
  const failingSinceMs = failingSince(result.state, sinceMs, before)
  const { severity } = check
  return { check: id, state: result.state, severity, detail, sinceMs, failingSinceMs, validUntilMs, waiver: '' }
}

/** A failure stands until it is known to be gone: while nobody can tell, it still does. */
function failingSince(state: ResultState, sinceMs: number, before: StoredResult | undefined): number {
  if (state === 'pass' || state === 'not_applicable') return 0
  return before?.failingSinceMs || (state === 'fail' ? sinceMs : 0)
}

/** When the facts changed, when its time came, or now. */
function turnedAt({ why, marks }: Occasion, before: StoredResult | undefined, nowMs: number): number {
  if (why === 'time' && before) return before.validUntilMs
  const isOfChange = (why === 'change' || !before) && marks.length > 0
  return isOfChange ? Math.min(Math.max(...marks.map(({ sinceMs }) => sinceMs)), nowMs) : nowMs
}

/** Whether a result is another one since the host is, or the time. */
function isOfHost({ before, occasion }: Turn): boolean {
  return before !== undefined && occasion?.why !== 'policy' && !occasion?.marks.some(({ quiet }) => quiet)
}

/** What was accepted and goes is nobody's fix. */
function failureTurn(turn: Turn): Judgement['failures'] {
  const { before, after } = turn
  if (!before || !isOfHost(turn) || before.failingSinceMs > 0 === after.failingSinceMs > 0) return []
  const { check, severity, sinceMs: atMs } = after
  if (after.failingSinceMs > 0) return [{ check, severity, kind: 'opened', atMs, stoodMs: 0 }]
  if (before.waiver !== '') return []
  return [{ check, severity, kind: 'fixed', atMs, stoodMs: Math.max(atMs - before.failingSinceMs, 0) }]
}

/** A result that turned because the host did, or the time. */
function turnDrift(turn: Turn): Judgement['drift'] {
  const { check, before, after, occasion, evaluated } = turn
  if (!before || before.state === after.state || !occasion || !evaluated || !isOfHost(turn)) return []
  const why = evaluated.result.evidence[0] ?? evaluated.result.reason
  return [{ row: resultDrift(after.check, check.title, before.state, after.state, why), atMs: after.sinceMs }]
}

/** A result that counts again as it was, since its waiver ended; one that was taken back is nothing that happened here. */
function waiverEndDrift({ check, before, after }: Turn, policy: PolicyInForce, nowMs: number): Judgement['drift'] {
  if (!before || before.state !== after.state || before.waiver === '' || after.waiver !== '') return []
  const waiver = policy.waivers.find(({ id }) => id === before.waiver)
  const endedMs = waiver ? Date.parse(waiver.expiresAt) : Number.POSITIVE_INFINITY
  if (!waiver || endedMs > nowMs) return []
  return [{ row: waiverDrift(after.check, check.title, waiver.id, after.state), atMs: Math.max(endedMs, 0) }]
}

/** What differs from what is stored. */
function outcomeOf(host: HostToJudge, turns: readonly Turn[], nowMs: number) {
  const kept = new Set(turns.map(({ after }) => after.check))
  const changed = turns.filter(({ before, after }) => !isSame(after, before))
  const gone = host.results.filter(({ check }) => !kept.has(check))
  const turned = changed.flatMap(({ before, after }) =>
    before && before.state !== after.state ? [endOf(before, after.sinceMs)] : [],
  )
  return {
    host: host.host,
    revision: host.revision,
    put: changed.map(({ after }) => after),
    removed: gone.map(({ check }) => check),
    ended: [...turned, ...gone.map(result => endOf(result, nowMs))],
    counts: [
      ...changed.flatMap(({ before, after }) => [...countsOf(before, -1), ...countsOf(after, 1)]),
      ...gone.flatMap(result => countsOf(result, -1)),
    ],
  }
}

function endOf({ check, state, severity, detail, sinceMs }: StoredResult, untilMs: number): EndedResult {
  return { check, state, severity, detail, sinceMs, untilMs: Math.max(untilMs, sinceMs) }
}

function countsOf(result: StoredResult | undefined, change: number): readonly CountChange[] {
  if (!result) return []
  const { check, severity } = result
  return countedOf(result.state, result.waiver !== '').map(state => ({ check, severity, state, change }))
}

function isSame(a: StoredResult, b: StoredResult | undefined): boolean {
  return (
    b !== undefined &&
    a.state === b.state &&
    a.severity === b.severity &&
    a.detail === b.detail &&
    a.validUntilMs === b.validUntilMs &&
    a.waiver === b.waiver
  )
}

/** A result is not judged again and again because its time is over and it stays as it is. */
const soonestAgainMs = 1_000

/** When time may change a result first, 0 for never. */
function nextJudgementOf(results: readonly StoredResult[], policy: PolicyInForce, nowMs: number): number {
  const used = new Set(results.map(({ waiver }) => waiver))
  const ends = policy.waivers.filter(({ id }) => used.has(id)).map(({ expiresAt }) => Date.parse(expiresAt))
  const times = [...ends, ...results.map(({ validUntilMs }) => validUntilMs)].filter(time => time > 0)
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY)
  return first === Number.POSITIVE_INFINITY ? 0 : Math.max(first, nowMs + soonestAgainMs)
}

function tallyOf(results: readonly StoredResult[]): Tally {
  const { critical, high, medium, low } = emptyTally
  const tally = { critical: { ...critical }, high: { ...high }, medium: { ...medium }, low: { ...low } }
  for (const { severity, state, waiver } of results) {
    for (const counted of countedOf(state, waiver !== '')) tally[severity][counted]++
  }
  return tally
}
