// Evaluates checks, and takes what another host with the same facts got where the result can be no other.
import type { Result } from '../../policy/check.ts'
import type { FacetState } from '../../proto/facet.ts'
import { packDetail } from '../store/result-detail.ts'
import { createBoundedCache } from './bounded-cache.ts'
import type { HostRules } from './policy-in-force.ts'

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

/** What an entry takes beside its key and its texts. */
const entryCharacters = 300

/**
 * A result is a function of the facts that its check names, of its parameters, and of time until it says so. Facts are
 * told apart by their digests. Checks that name observations are evaluated each time: no digest covers those.
 * @param maxCharacters of results that are kept
 */
export function createSharedEvaluation(maxCharacters: number): SharedEvaluation {
  const kept = createBoundedCache<Evaluated>(maxCharacters)
  const shorten = createShortNames()
  return {
    async evaluate(rules, asked) {
      const { facets, nowMs, checks, profiles } = asked
      const names = new Map([...facets].map(([property, { digest }]) => [property, shorten(digest)]))
      const keys = checks.map(check => keyOf(rules, check, profiles, names))
      const known = keys.map(key => (key === undefined ? undefined : heldAt(kept.get(key), nowMs)))
      const left = checks.filter((_, index) => !known[index])
      if (left.length === 0) return known.filter(entry => entry !== undefined)
      const results = await rules.judge.evaluate({ facets, now: new Date(nowMs), checks: left, profiles })
      const fresh = results.values()
      return known.map((entry, index) => {
        if (entry) return entry
        const evaluated = toEvaluated(fresh.next().value, nowMs)
        const key = keys[index]
        if (key !== undefined) kept.set(key, evaluated, key.length + evaluated.detail.length + entryCharacters)
        return evaluated
      })
    },
  }
}

/** @param names of the facts of each facet, by property */
function keyOf(
  rules: HostRules,
  check: string,
  profiles: readonly string[],
  names: ReadonlyMap<string, string>,
): string | undefined {
  const read = rules.check(check)
  if (!read || read.observes) return undefined
  let key = rules.keyOf(check, profiles)
  for (const property of read.inputs) key += ` ${names.get(property) ?? ''}`
  return key
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
