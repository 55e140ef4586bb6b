// Evaluates checks, and takes what another host with the same facts got where the result can be no other.
import type { Result } from '../../policy/check.ts'
import type { FacetState } from '../../proto/facet.ts'
import type { TurnBudget } from '../../runtime/turn-budget.ts'
import { packDetail } from '../store/result-detail.ts'
import { type BoundedCache, createBoundedCache } from './bounded-cache.ts'
import type { DescribedCheck, HostRules } from './policy-in-force.ts'

export interface SharedEvaluation {
  /** Results in the order of the checks, each of which is named once. */
  evaluate(rules: HostRules, asked: Asked): Promise<readonly Evaluated[]>
}

interface Asked {
  /** by property; the digest of each is that of its facts */
  readonly facets: ReadonlyMap<string, FacetState>
  readonly nowMs: number
  readonly checks: readonly string[]
  /** profiles that set parameters */
  readonly profiles: readonly string[]
}

export interface Evaluated {
  readonly result: Result
  /** reason, evidence and remediation, as they are stored */
  readonly detail: string
  /** when time may change the result, 0 for never */
  readonly validUntilMs: number
  readonly evaluatedMs: number
}

type Turns = Pick<TurnBudget, 'room'>

/** What a result takes beside its texts. */
const entryCharacters = 300

/** Results of the checks that read the same facets, made of the same facts. */
interface Shared {
  /** results by the key of check and parameters */
  readonly results: Map<string, Evaluated>
  readonly key: string
  characters: number
}

/**
 * A result is a function of the facts that its check names, of its parameters, and of time until it says so. Facts are
 * told apart by their digests. Checks that name observations are evaluated each time: no digest covers those.
 * @param maxCharacters of results that are kept
 * @param turns that many checks are spread over
 */
export function createSharedEvaluation(maxCharacters: number, turns: Turns): SharedEvaluation {
  const kept = createBoundedCache<Shared>(maxCharacters)
  const shorten = createShortNames()
  return {
    async evaluate(rules, asked) {
      const { nowMs, checks, profiles } = asked
      const sharedOf = sharedBy(kept, shorten, asked)
      const keys = rules.keysOf(profiles)
      const places = checks.map(check => {
        const read = rules.check(check)
        const key = keys.get(check)
        return read && key !== undefined && !read.observes ? { shared: sharedOf(read), key } : undefined
      })
      const known = places.map(place => place && heldAt(place.shared.results.get(place.key), nowMs))
      const left = checks.filter((_, index) => !known[index])
      if (left.length === 0) return known.filter(entry => entry !== undefined)
      const results = await evaluateInParts(rules, left, asked, turns)
      const fresh = results.values()
      const grown = new Set<Shared>()
      const evaluated = known.map((entry, index) => {
        if (entry) return entry
        const made = toEvaluated(fresh.next().value, nowMs)
        const place = places[index]
        if (place) {
          keep(place.shared, place.key, made)
          grown.add(place.shared)
        }
        return made
      })
      for (const shared of grown) kept.set(shared.key, shared, shared.key.length + shared.characters)
      return evaluated
    },
  }
}

/** Checks that are evaluated at once: a millisecond, and some tens when they are evaluated for the first time. */
const checksAtOnce = 25

async function evaluateInParts(
  rules: HostRules,
  checks: readonly string[],
  { facets, nowMs, profiles }: Asked,
  turns: Turns,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let from = 0; from < checks.length; from += checksAtOnce) {
    const later = from > 0 && turns.room()
    if (later) await later
    const part = checks.slice(from, from + checksAtOnce)
    results.push(...(await rules.judge.evaluate({ facets, now: new Date(nowMs), checks: part, profiles })))
  }
  return results
}

/** Finds what is shared by the facets that a check reads: once for all checks that read the same. */
function sharedBy(kept: BoundedCache<Shared>, shorten: (digest: string) => string, { facets }: Asked) {
  const found = new Map<string, Shared>()
  return ({ inputs, inputNames }: DescribedCheck): Shared => {
    const known = found.get(inputNames)
    if (known) return known
    const names = inputs.map(property => shorten(facets.get(property)?.digest ?? ''))
    const key = `${inputNames} ${names.join(' ')}`
    const shared = kept.get(key) ?? { results: new Map(), key, characters: 0 }
    found.set(inputNames, shared)
    return shared
  }
}

function keep(shared: Shared, key: string, evaluated: Evaluated): void {
  const size = ({ detail }: Evaluated) => key.length + detail.length + entryCharacters
  const before = shared.results.get(key)
  shared.results.set(key, evaluated)
  shared.characters += size(evaluated) - (before ? size(before) : 0)
}

/** Digests that have a short name at once. */
const maxNames = 250_000

/** Keys are made of many digests, and compared all the time. A digest whose name was forgotten gets one that is new. */
function createShortNames(): (digest: string) => string {
  const names = new Map<string, string>()
  let next = 0
  return digest => {
    const known = names.get(digest)
    if (known !== undefined) return known
    if (names.size >= maxNames) names.clear()
    const name = (next++).toString(36)
    names.set(digest, name)
    return name
  }
}

/** A result holds from when it was made, as clocks may go back, until time changes it. */
function heldAt(entry: Evaluated | undefined, nowMs: number): Evaluated | undefined {
  if (!entry || nowMs < entry.evaluatedMs) return undefined
  return entry.validUntilMs === 0 || nowMs < entry.validUntilMs ? entry : undefined
}

function toEvaluated(result: Result | undefined, evaluatedMs: number): Evaluated {
  if (!result) throw new Error('the judge answered less than it was asked')
  const validUntilMs = result.validUntil === undefined ? 0 : Date.parse(result.validUntil)
  return { result, detail: packDetail(result), validUntilMs, evaluatedMs }
}
