// Judges a host from what is stored of it: what is to be written when nobody judged it meanwhile.
import { createWaiverFinder } from '../../policy/waivers.ts'
import { type FacetState, facetProperty } from '../../proto/facet.ts'
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
import type { HostRules, PolicyInForce } from './policy-in-force.ts'
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
  readonly judged: Judged
}

export interface JudgeHostContext {
  readonly policy: PolicyInForce
  readonly shared: SharedEvaluation
  readonly states: StateCache
  /** body of a digest that is on disk */
  readonly body: (digest: string) => Promise<StoredBody | undefined>
  /** what the policy that the host was judged with says of its checks; undefined when nobody knows */
  readonly digestsThen: ReadonlyMap<string, string> | undefined
  readonly nowMs: number
}

export async function judgeHost(host: HostToJudge, context: JudgeHostContext): Promise<Judgement> {
  const { policy, shared, nowMs } = context
  const rules = policy.rulesFor(host.labels)
  const facets = await statesOf(host, context)
  const profiles = await rules.judge.profilesFor(facets)
  const mine = [...new Set(profiles.flatMap(id => rules.checksOf.get(id) ?? []))]
  const old = new Map(host.results.map(result => [result.check, result]))
  const asked = mine.map(id => ({ id, why: whyAgain(id, old.get(id), host, rules, context) })).filter(({ why }) => why)
  const evaluated = await shared.evaluate(rules, { facets, nowMs, checks: asked.map(({ id }) => id), profiles })
  const fresh = new Map(asked.map(({ id, why }, index) => [id, { why: why ?? 'policy', evaluated: evaluated[index] }]))
  const waiverFor = createWaiverFinder(policy.waivers, host, nowMs)

  const next = mine.map(id => {
    const again = fresh.get(id)
    const before = old.get(id)
    const made = again?.evaluated ? toStored(id, again.evaluated, again.why, { before, host, rules, nowMs }) : before
    if (!made) throw new Error(`check ${id} has no result`)
    return { ...made, waiver: waiverFor(made)?.id ?? '' }
  })
  const drift = next.flatMap(result =>
    driftOf(result, old.get(result.check), fresh.get(result.check), { host, rules, policy, nowMs }),
  )
  return { ...outcomeOf(host, next, nowMs), drift, judged: judgedOf(host, next, { policy, profiles, nowMs }) }
}

/** The facets of a host by property, with observations where a check reads them. */
async function statesOf(
  { facets, observations }: HostToJudge,
  { policy, states, body }: JudgeHostContext,
): Promise<ReadonlyMap<string, FacetState>> {
  const latest = new Map(observations.map(one => [one.facet, one.body]))
  const found = new Map<string, FacetState>()
  for (const { facet, digest } of facets) {
    const state = await states.get(digest, () => body(digest))
    if (!state) continue
    const seen = policy.readsObservations(facet) ? latest.get(facet) : undefined
    const isSeen = state.state === 'present' && seen !== undefined
    found.set(facetProperty(facet), isSeen ? { ...state, observations: JSON.parse(seen) } : state)
  }
  return found
}

/** Why a check is evaluated again; its policy goes before the host, since what comes of it is no drift. */
type Why = 'policy' | 'change' | 'time'

function whyAgain(
  id: string,
  before: StoredResult | undefined,
  host: HostToJudge,
  rules: HostRules,
  { policy, digestsThen, nowMs }: JudgeHostContext,
): Why | undefined {
  const { marks } = host.pending
  const isKnown = host.judgedWith === policy.version || digestsThen?.get(id) === policy.digests.get(id)
  if (!before || !isKnown || marks.some(({ facet }) => facet === '')) return 'policy'
  if (marksOf(id, marks, rules).length > 0) return 'change'
  return before.validUntilMs > 0 && before.validUntilMs <= nowMs ? 'time' : undefined
}

/** The marks that concern a check. */
function marksOf(id: string, marks: readonly JudgementMark[], rules: HostRules): readonly JudgementMark[] {
  const check = rules.check(id)
  if (!check) return []
  return marks.filter(({ facet, changed }) => {
    const reads = check.inputs.includes(facetProperty(facet))
    return reads && (changed || check.observes)
  })
}

interface Made {
  readonly before: StoredResult | undefined
  readonly host: HostToJudge
  readonly rules: HostRules
  readonly nowMs: number
}

function toStored(id: string, { result, detail, validUntilMs }: Evaluated, why: Why, made: Made): StoredResult {
  const { before, host, rules, nowMs } = made
  const turned = before?.state !== result.state
  return {
    check: id,
    state: result.state,
    severity: rules.check(id)?.severity ?? 'medium',
    detail,
    sinceMs: turned
      ? Math.max(turnedAt(id, why, { before, host, rules, nowMs }), before?.sinceMs ?? 0)
      : before.sinceMs,
    validUntilMs,
    waiver: '',
  }
}

/** When the facts changed, when its time came, or now. */
function turnedAt(id: string, why: Why, { before, host, rules, nowMs }: Made): number {
  if (why === 'time' && before) return before.validUntilMs
  const changes = marksOf(id, host.pending.marks, rules).map(({ sinceMs }) => sinceMs)
  const isOfChange = (why === 'change' || !before) && changes.length > 0
  return isOfChange ? Math.min(Math.max(...changes), nowMs) : nowMs
}

interface Fresh {
  readonly why: Why
  readonly evaluated: Evaluated | undefined
}

function driftOf(
  after: StoredResult,
  before: StoredResult | undefined,
  fresh: Fresh | undefined,
  { host, rules, policy, nowMs }: Omit<Made, 'before'> & { readonly policy: PolicyInForce },
): Judgement['drift'] {
  const check = rules.check(after.check)
  if (!before || !check) return []
  if (before.state === after.state) {
    const accepted = before.waiver !== '' && after.waiver === '' ? before.waiver : undefined
    const waiver = policy.waivers.find(({ id }) => id === accepted)
    const endedMs = waiver ? Date.parse(waiver.expiresAt) : nowMs + 1
    if (!waiver || endedMs > nowMs) return []
    return [{ row: waiverDrift(after.check, check.title, waiver.id, after.state), atMs: Math.max(endedMs, 0) }]
  }
  const isQuiet =
    !fresh || fresh.why === 'policy' || marksOf(after.check, host.pending.marks, rules).some(({ quiet }) => quiet)
  if (isQuiet) return []
  const result = fresh.evaluated?.result
  const why = result?.evidence[0] ?? result?.reason ?? ''
  return [{ row: resultDrift(after.check, check.title, before.state, after.state, why), atMs: after.sinceMs }]
}

/** What differs from what is stored. */
function outcomeOf(host: HostToJudge, next: readonly StoredResult[], nowMs: number) {
  const kept = new Map(next.map(result => [result.check, result]))
  const old = new Map(host.results.map(result => [result.check, result]))
  const put = next.filter(result => !isSame(result, old.get(result.check)))
  const gone = host.results.filter(({ check }) => !kept.has(check))
  const turned = put.flatMap(({ check, state, sinceMs }) => {
    const before = old.get(check)
    return before && before.state !== state ? [endOf(before, sinceMs)] : []
  })
  return {
    host: host.host,
    revision: host.revision,
    put,
    removed: gone.map(({ check }) => check),
    ended: [...turned, ...gone.map(result => endOf(result, nowMs))],
    counts: [
      ...put.flatMap(result => [...countsOf(old.get(result.check), -1), ...countsOf(result, 1)]),
      ...gone.flatMap(result => countsOf(result, -1)),
    ],
  }
}

function endOf({ check, state, detail, sinceMs }: StoredResult, untilMs: number): EndedResult {
  return { check, state, detail, sinceMs, untilMs: Math.max(untilMs, sinceMs) }
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

function judgedOf(
  { pending }: HostToJudge,
  next: readonly StoredResult[],
  {
    policy,
    profiles,
    nowMs,
  }: { readonly policy: PolicyInForce; readonly profiles: readonly string[]; readonly nowMs: number },
): Judged {
  const used = new Set(next.map(({ waiver }) => waiver))
  const ends = policy.waivers.filter(({ id }) => used.has(id)).map(({ expiresAt }) => Date.parse(expiresAt))
  const times = [...ends, ...next.map(({ validUntilMs }) => validUntilMs)].filter(time => time > 0)
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY)
  const nextJudgementMs = first === Number.POSITIVE_INFINITY ? 0 : Math.max(first, nowMs + soonestAgainMs)
  return { tally: tallyOf(next), judgedWith: policy.version, profiles, nextJudgementMs, token: pending.token }
}

function tallyOf(results: readonly StoredResult[]): Tally {
  const { critical, high, medium, low } = emptyTally
  const tally = { critical: { ...critical }, high: { ...high }, medium: { ...medium }, low: { ...low } }
  for (const { severity, state, waiver } of results) {
    for (const counted of countedOf(state, waiver !== '')) tally[severity][counted]++
  }
  return tally
}
