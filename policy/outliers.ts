// What sets few hosts apart from the many that are like them: each difference once, with the hosts that have it.
import type { Facet, JsonObject } from '../proto/facet.ts'
import { diffFacts, type FactChange } from './diff.ts'

/** Facts that some hosts have in common. */
export interface FactsOfGroup {
  readonly facts: JsonObject
  /** hosts with exactly these facts */
  readonly hosts: number
}

export interface Outlier {
  /** dotted path inside the facts */
  readonly field: string
  /** canonical key of the row, for rows of lists */
  readonly key?: string
  /** in words: how the few differ from the many */
  readonly text: string
  /** groups that differ so, by their places */
  readonly groups: readonly number[]
  /** hosts in them */
  readonly hosts: number
}

export interface Outliers {
  /** place of the group that the others are held against; -1 when there is none */
  readonly typical: number
  /** the rarest first */
  readonly outliers: readonly Outlier[]
}

/** Of ten hosts, at most three are few. */
const fewOf = 0.34
/** Groups that are tried as the typical one. */
const tries = 3

/**
 * Holds every group against the one that is most like all others. A difference that few hosts have is theirs; one that
 * nearly all others have is the typical group's own. What divides hosts evenly sets nobody apart.
 */
export function findOutliers(facet: Facet, groups: readonly FactsOfGroup[]): Outliers {
  const all = groups.reduce((sum, { hosts }) => sum + hosts, 0)
  let typical = largestOf(groups)
  let differences = differencesFrom(facet, groups, typical)
  for (let round = 1; round < tries; round++) {
    const better = moreTypical(groups, differences, all, typical)
    if (better === typical) break
    typical = better
    differences = differencesFrom(facet, groups, typical)
  }
  const outliers = [...differences.values()].flatMap(difference => outlierOf(difference, groups, all))
  return { typical, outliers: outliers.sort((a, b) => a.hosts - b.hosts || (a.text < b.text ? -1 : 1)) }
}

interface Difference {
  readonly change: FactChange
  readonly groups: Set<number>
  hosts: number
}

type Differences = ReadonlyMap<string, Difference>

/** Ties go to the first, so that the answer is the same each time. */
function largestOf(groups: readonly FactsOfGroup[]): number {
  return groups.reduce(
    (best, { hosts }, place) => (hosts > (groups[best]?.hosts ?? 0) ? place : best),
    groups.length > 0 ? 0 : -1,
  )
}

function differencesFrom(facet: Facet, groups: readonly FactsOfGroup[], typical: number): Differences {
  const found = new Map<string, Difference>()
  const reference = groups[typical]
  if (!reference) return found
  for (const [place, { facts, hosts }] of groups.entries()) {
    if (place === typical) continue
    for (const change of diffFacts(facet, reference.facts, facts)) {
      const name = JSON.stringify([change.field, change.key ?? '', change.change, change.after ?? null])
      const known = found.get(name) ?? { change, groups: new Set<number>(), hosts: 0 }
      found.set(name, known)
      if (known.groups.has(place)) continue
      known.groups.add(place)
      known.hosts += hosts
    }
  }
  return found
}

/** The group that has most of what more than half of all hosts have, and least of the rest. */
function moreTypical(groups: readonly FactsOfGroup[], differences: Differences, all: number, typical: number): number {
  const merits = groups.map(() => 0)
  for (const { groups: members, hosts } of differences.values()) {
    for (const place of members) merits[place] = (merits[place] ?? 0) + (hosts * 2 > all ? 1 : -1)
  }
  return merits.reduce((best, merit, place) => (merit > (merits[best] ?? 0) ? place : best), typical)
}

function outlierOf(
  { change, groups: members, hosts }: Difference,
  groups: readonly FactsOfGroup[],
  all: number,
): readonly Outlier[] {
  const { field, key, text } = change
  const row = key === undefined ? { field } : { field, key }
  if (hosts <= all * fewOf) return [{ ...row, text, groups: [...members], hosts }]
  const without = all - hosts
  if (without > all * fewOf) return []
  const others = groups.flatMap((_, place) => (members.has(place) ? [] : [place]))
  return [{ ...row, text: `not so: ${text}`, groups: others, hosts: without }]
}
