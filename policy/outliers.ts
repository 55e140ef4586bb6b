// What sets few hosts apart from the many that are like them: each difference once, with the hosts that have it.
import type { Facet, JsonObject } from '../proto/facet.ts'
import { diffFacts, type FactChange } from './diff.ts'
import { contentOf, type Trait, type Traits } from './traits.ts'
import { words } from './words.ts'

/** Hosts with the same facts. */
export interface Group {
  /** see `Traits` */
  readonly traits: Int32Array
  readonly hosts: number
}

export interface Outlier {
  readonly trait: Trait
  /** they have what others lack, or lack what others have */
  readonly has: boolean
  /** hosts that differ so */
  readonly hosts: number
  /** their groups, by places */
  readonly groups: readonly number[]
  /** the most typical of the groups that do not */
  readonly reference: number
}

export interface Outliers {
  /** place of the group that has most of what more than half of all hosts have; -1 when there is none */
  readonly typical: number
  /** how many outliers there are */
  readonly found: number
  /** the rarest first; what most hosts have some of, like rows of their own in one list, comes behind all others */
  readonly outliers: readonly Outlier[]
}

/** Of ten hosts, at most three are few. */
const fewOf = 0.34

/** What few hosts have or lack is theirs; what divides hosts evenly sets nobody apart. */
export function findOutliers(traits: Traits, groups: readonly Group[], limit: number): Outliers {
  const all = groups.reduce((sum, { hosts }) => sum + hosts, 0)
  const counts = countsOf(traits, groups)
  const merits = groups.map(group => meritOf(group, counts, all))
  const candidates = candidatesOf(traits, counts, all)
  const shown = first(candidates, usualSlots(candidates, traits, groups, all), traits, limit)
  const places = groupsOf(shown, traits, groups)
  const outliers = shown.flatMap(({ number, has, hosts }, index): readonly Outlier[] => {
    const { mine, others } = places[index] ?? { mine: [], others: [] }
    const reference = bestOf(others, merits, groups)
    return reference < 0 ? [] : [{ trait: traits.get(number), has, hosts, groups: mine, reference }]
  })
  const typical = bestOf([...groups.keys()], merits, groups)
  return { typical, found: candidates.length - (shown.length - outliers.length), outliers }
}

/** Hosts by trait. */
function countsOf(traits: Traits, groups: readonly Group[]): Int32Array {
  const counts = new Int32Array(traits.size)
  for (const { traits: own, hosts } of groups) for (const one of own) counts[one] = (counts[one] ?? 0) + hosts
  return counts
}

function meritOf({ traits: own }: Group, counts: Int32Array, all: number): number {
  let merit = 0
  for (const one of own) merit += (counts[one] ?? 0) * 2 > all ? 1 : -1
  return merit
}

/** Ties go to the one with more hosts, then to the first, so that the answer is the same each time. */
function bestOf(places: readonly number[], merits: readonly number[], groups: readonly Group[]): number {
  let best = -1
  for (const place of places) {
    const lead = (merits[place] ?? 0) - (merits[best] ?? 0)
    const isBetter = lead > 0 || (lead === 0 && (groups[place]?.hosts ?? 0) > (groups[best]?.hosts ?? 0))
    if (best < 0 || isBetter) best = place
  }
  return best
}

interface Candidate {
  readonly number: number
  readonly has: boolean
  readonly hosts: number
}

function candidatesOf(traits: Traits, counts: Int32Array, all: number): readonly Candidate[] {
  const found: Candidate[] = []
  const few = all * fewOf
  const most = mostOf(traits, counts)
  for (let number = 0; number < counts.length; number++) {
    const hosts = counts[number] ?? 0
    if (hosts === 0) continue
    const { parent, kind, slot } = traits.get(number)
    // What is part of a row that few have is told by the row.
    const base = parent < 0 ? all : (counts[parent] ?? 0)
    if (base <= few) continue
    if (hosts <= base * fewOf) {
      // Where there are as many values as hosts none is out of line.
      if (kind === 'row' || (most[slot] ?? 0) * 2 > base) found.push({ number, has: true, hosts })
    } else if (kind === 'row' && hosts < base && base - hosts <= base * fewOf) {
      found.push({ number, has: false, hosts: base - hosts })
    }
  }
  return found
}

/** Hosts with the most frequent value, by slot. */
function mostOf(traits: Traits, counts: Int32Array): Int32Array {
  const most = new Int32Array(traits.slots)
  for (let number = 0; number < counts.length; number++) {
    const { slot } = traits.get(number)
    most[slot] = Math.max(most[slot] ?? 0, counts[number] ?? 0)
  }
  return most
}

/** Slots of outliers in which most hosts differ from all others. */
function usualSlots(
  candidates: readonly Candidate[],
  traits: Traits,
  groups: readonly Group[],
  all: number,
): ReadonlySet<number> {
  const slotOf = new Int32Array(traits.size).fill(-1)
  for (const { number, has } of candidates) if (has) slotOf[number] = traits.get(number).slot
  const hostsIn = new Int32Array(traits.slots)
  const seenIn = new Int32Array(traits.slots).fill(-1)
  for (const [place, { traits: own, hosts }] of groups.entries()) {
    for (const one of own) {
      const slot = slotOf[one] ?? -1
      if (slot < 0 || seenIn[slot] === place) continue
      seenIn[slot] = place
      hostsIn[slot] = (hostsIn[slot] ?? 0) + hosts
    }
  }
  const usual = new Set<number>()
  for (let slot = 0; slot < hostsIn.length; slot++) if ((hostsIn[slot] ?? 0) * 2 > all) usual.add(slot)
  return usual
}

function first(
  candidates: readonly Candidate[],
  usual: ReadonlySet<number>,
  traits: Traits,
  limit: number,
): readonly Candidate[] {
  const ranked = candidates.map(one => {
    const { slot, name } = traits.get(one.number)
    return { one, name, rank: one.has && usual.has(slot) ? 1 : 0 }
  })
  // Most have the same rank: names of those that are shown at no rate are not compared.
  const order = (a: (typeof ranked)[number], b: (typeof ranked)[number]) => a.rank - b.rank || a.one.hosts - b.one.hosts
  const last = ranked.toSorted(order)[limit - 1]
  return ranked
    .filter(each => last === undefined || order(each, last) <= 0)
    .sort((a, b) => order(a, b) || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ one }) => one)
}

interface Places {
  readonly mine: number[]
  readonly others: number[]
}

/** Of each outlier the groups that differ, and those that could and do not. */
function groupsOf(shown: readonly Candidate[], traits: Traits, groups: readonly Group[]): readonly Places[] {
  const places = shown.map((): Places => ({ mine: [], others: [] }))
  const own = new Uint8Array(traits.size)
  for (const [place, group] of groups.entries()) {
    for (const one of group.traits) own[one] = 1
    for (const [index, { number, has }] of shown.entries()) {
      const { parent } = traits.get(number)
      const isOne = own[number] === 1
      if (isOne === has) {
        if (has || parent < 0 || own[parent] === 1) places[index]?.mine.push(place)
      } else if (parent < 0 || own[parent] === 1) places[index]?.others.push(place)
    }
    for (const one of group.traits) own[one] = 0
  }
  return places
}

/** An outlier in words: how the facts of one of them differ from those of its reference; undefined when no row tells. */
export function outlierWords(
  facet: Facet,
  { trait, has }: Pick<Outlier, 'trait' | 'has'>,
  reference: JsonObject,
  facts: JsonObject,
): FactChange | undefined {
  const changes = diffFacts(facet, reference, facts)
  const position = words[`${facet.property}.${trait.field}`]?.position
  const isOf = ({ key = '', before, after }: FactChange) => {
    if (position === undefined) return key === trait.key
    const row = has ? after : before
    return row !== undefined && contentOf(row, position) === trait.key
  }
  const mine = changes.filter(isOf)
  const told = mine.find(({ field, change }) => {
    return field === trait.field && (trait.kind === 'value' || change === (has ? 'added' : 'removed'))
  })
  return told ?? mine.find(({ field }) => field.startsWith(`${trait.field}.`))
}
