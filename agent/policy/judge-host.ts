// Judges a host by its site's policy as it is now: results with their waivers, score, and until when all of it holds.
import type { Result, Score } from '../../policy/check.ts'
import { score } from '../../policy/score.ts'
import { applyWaivers, type WaiverUse } from '../../policy/waivers.ts'
import { type FacetState, facetProperty } from '../../proto/facet.ts'
import { describeHost } from '../../report/scan-report.ts'
import type { Site } from './open-site.ts'

export interface Judgement {
  readonly atMs: number
  readonly results: readonly Result[]
  readonly score: Score
  /** waivers that are meant for this host, and what became of them */
  readonly waivers: readonly WaiverUse[]
  /** when time itself changes a result first, Infinity when it changes none */
  readonly validUntilMs: number
}

const noticeDays = 30

/** By the profiles that fit the host. */
export async function judgeHost(
  { policy, labels, judge }: Site,
  states: readonly FacetState[],
  atMs: number,
): Promise<Judgement> {
  const facets = new Map(states.map(state => [facetProperty(state.facet), state]))
  const now = new Date(atMs)
  const profiles = await judge.profilesFor(facets)
  const found = await judge.evaluate({ facets, now, profiles })
  const { id, hostname } = describeHost(states)
  const accepted = policy.waivers.map(({ item }) => item)
  const context = { host: { id, hostname, labels }, now, noticeDays, complete: true }
  const { results, waivers } = applyWaivers(found, accepted, context)
  const ends = results.flatMap(({ validUntil }) => (validUntil === undefined ? [] : Date.parse(validUntil)))
  const validUntilMs = Math.min(Number.POSITIVE_INFINITY, ...ends.filter(at => at > atMs))
  return { atMs, results, score: score(results, judge.catalog.checks), waivers, validUntilMs }
}
