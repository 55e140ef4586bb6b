// What sets few hosts apart from the many that are like them: each difference once, with the hosts that have it.
import type { Facet, JsonObject } from '../proto/facet.ts'
import { diffFacts, type FactChange } from './diff.ts'
import { contentOf, type Parts, type Trait } from './parts.ts'
import { words } from './words.ts'

/** Hosts with the same facts. */
export interface Group {
  /** see `Parts` */
  readonly parts: Int32Array
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
export function findOutliers(parts: Parts, groups: readonly Group[], limit: number): Outliers {
  const counted = countTraits(parts, groups)
  const candidates = candidatesOf(counted)
  const shown = first(candidates, usualSlots(candidates, counted, groups), parts, limit)
  const isBetter = comparing(meritsOf(counted, groups), groups)
  const places = groupsOf(shown, counted, groups, isBetter)
  const outliers = shown.flatMap(({ number, has, hosts }, index): readonly Outlier[] => {
    const { mine, reference } = places[index] ?? { mine: [], reference: -1 }
    return reference < 0 ? [] : [{ trait: parts.trait(number), has, hosts, groups: mine, reference }]
  })
  const typical = groups.reduce((best, _, place) => (isBetter(place, best) ? place : best), -1)
  return { typical, found: candidates.length - (shown.length - outliers.length), outliers }
}

interface Counted {
  readonly parts: Parts
  /** hosts in all groups */
  readonly all: number
  /** hosts by trait */
  readonly counts: Int32Array
  /** traits by part that concern anybody; of rows that few have the rows alone, since they tell what is in them */
  readonly traitsOf: ReadonlyMap<number, readonly number[]>
}

function countTraits(parts: Parts, groups: readonly Group[]): Counted {
  const all = groups.reduce((sum, { hosts }) => sum + hosts, 0)
  const byPart = new Int32Array(parts.sizes().parts)
  for (const { parts: own, hosts } of groups) for (const one of own) byPart[one] = (byPart[one] ?? 0) + hosts
  const byHead = new Int32Array(parts.sizes().traits)
  const there: number[] = []
  for (const [part, hosts] of byPart.entries()) {
    if (hosts === 0) continue
    there.push(part)
    const head = parts.headOf(part)
    byHead[head] = (byHead[head] ?? 0) + hosts
  }
  const traitsOf = new Map<number, readonly number[]>()
  for (const part of there) {
    const head = parts.headOf(part)
    traitsOf.set(part, (byHead[head] ?? 0) <= all * fewOf ? [head] : parts.traitsOf(part))
  }
  const counts = new Int32Array(parts.sizes().traits)
  for (const [part, traits] of traitsOf)
    for (const one of traits) counts[one] = (counts[one] ?? 0) + (byPart[part] ?? 0)
  return { parts, all, counts, traitsOf }
}

function meritsOf({ parts, all, counts, traitsOf }: Counted, groups: readonly Group[]): readonly number[] {
  const merits = new Int32Array(parts.sizes().parts)
  for (const [part, traits] of traitsOf) {
    merits[part] = traits.reduce((sum, one) => sum + ((counts[one] ?? 0) * 2 > all ? 1 : -1), 0)
  }
  return groups.map(({ parts: own }) => {
    let merit = 0
    for (const part of own) merit += merits[part] ?? 0
    return merit
  })
}

/** Ties go to the one with more hosts, then to the first, so that the answer is the same each time. */
function comparing(merits: readonly number[], groups: readonly Group[]) {
  return (place: number, than: number): boolean => {
    if (than < 0) return true
    const lead = (merits[place] ?? 0) - (merits[than] ?? 0)
    return lead > 0 || (lead === 0 && (groups[place]?.hosts ?? 0) > (groups[than]?.hosts ?? 0))
  }
}

interface Candidate {
  readonly number: number
  readonly has: boolean
  readonly hosts: number
}

function candidatesOf({ parts, all, counts }: Counted): readonly Candidate[] {
  const found: Candidate[] = []
  const most = mostOf(parts, counts)
  for (let number = 0; number < counts.length; number++) {
    const hosts = counts[number] ?? 0
    if (hosts === 0) continue
    const { parent, kind, slot } = parts.trait(number)
    // What is part of a row that few have is told by the row.
    const base = parent < 0 ? all : (counts[parent] ?? 0)
    if (base <= all * fewOf) continue
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
function mostOf(parts: Parts, counts: Int32Array): Int32Array {
  const most = new Int32Array(parts.sizes().slots)
  for (let number = 0; number < counts.length; number++) {
    const { slot } = parts.trait(number)
    most[slot] = Math.max(most[slot] ?? 0, counts[number] ?? 0)
  }
  return most
}

/** Slots of outliers in which most hosts differ from all others. */
function usualSlots(
  candidates: readonly Candidate[],
  { parts, all, traitsOf }: Counted,
  groups: readonly Group[],
): ReadonlySet<number> {
  const { parts: size, traits, slots } = parts.sizes()
  const isFew = new Uint8Array(traits)
  for (const { number, has } of candidates) if (has) isFew[number] = 1
  const slotsOf: (readonly number[] | undefined)[] = new Array(size)
  for (const [part, own] of traitsOf) {
    const few = own.filter(one => isFew[one] === 1).map(one => parts.trait(one).slot)
    if (few.length > 0) slotsOf[part] = few
  }
  const hostsIn = new Int32Array(slots)
  const seenIn = new Int32Array(slots).fill(-1)
  for (const [place, { parts: own, hosts }] of groups.entries()) {
    for (const part of own) {
      const few = slotsOf[part]
      if (!few) continue
      for (const slot of few) {
        if (seenIn[slot] === place) continue
        seenIn[slot] = place
        hostsIn[slot] = (hostsIn[slot] ?? 0) + hosts
      }
    }
  }
  return new Set([...hostsIn.keys()].filter(slot => (hostsIn[slot] ?? 0) * 2 > all))
}

function first(
  candidates: readonly Candidate[],
  usual: ReadonlySet<number>,
  parts: Parts,
  limit: number,
): readonly Candidate[] {
  const ranked = candidates.map(one => {
    const { slot, name } = parts.trait(one.number)
    return { one, name, rank: one.has && usual.has(slot) ? 1 : 0 }
  })
  const order = (a: (typeof ranked)[number], b: (typeof ranked)[number]) => a.rank - b.rank || a.one.hosts - b.one.hosts
  // Names are compared only of those that may be shown.
  const last = ranked.toSorted(order)[limit - 1]
  return ranked
    .filter(each => last === undefined || order(each, last) <= 0)
    .sort((a, b) => order(a, b) || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ one }) => one)
}

interface Places {
  readonly mine: number[]
  /** best of those that do not differ and could, -1 for none */
  reference: number
}

/** Of each outlier the groups that differ, and the most typical of the others. */
function groupsOf(
  shown: readonly Candidate[],
  { parts, traitsOf }: Counted,
  groups: readonly Group[],
  isBetter: (place: number, than: number) => boolean,
): readonly Places[] {
  const { parts: size, traits } = parts.sizes()
  const parents = shown.map(({ number }) => parts.trait(number).parent)
  const places = shown.map((): Places => ({ mine: [], reference: -1 }))
  const asked = new Set([...shown.map(({ number }) => number), ...parents])
  const askedOf: (readonly number[] | undefined)[] = new Array(size)
  for (const [part, own] of traitsOf) {
    const some = own.filter(one => asked.has(one))
    if (some.length > 0) askedOf[part] = some
  }
  /** place of the last group with a trait */
  const seenIn = new Int32Array(traits).fill(-1)
  for (let place = 0; place < groups.length; place++) {
    for (const part of groups[place]?.parts ?? []) {
      const own = askedOf[part]
      if (own) for (const one of own) seenIn[one] = place
    }
    for (let index = 0; index < shown.length; index++) {
      const [one, parent, found] = [shown[index], parents[index] ?? -1, places[index]]
      if (!one || !found || (parent >= 0 && seenIn[parent] !== place)) continue
      if ((seenIn[one.number] === place) === one.has) found.mine.push(place)
      else if (isBetter(place, found.reference)) found.reference = place
    }
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
