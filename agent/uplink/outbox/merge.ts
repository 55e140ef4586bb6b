// Makes room: the oldest changes of each facet become one, which says how many it stands for.
import type { OutboxEntry } from './outbox.ts'
import type { EntryHeader } from './record.ts'
import { bodyOf, removeSegment, rewrite, type Segment } from './segment.ts'

export interface Merged {
  /** the new file, in the place of `replaced` */
  readonly segment: Segment
  readonly replaced: Segment
  readonly entries: readonly OutboxEntry[]
  readonly removed: readonly Segment[]
  /** changes that cannot be told apart any more */
  readonly changes: number
}

/**
 * Merges the two oldest files that may change. The new file replaces the first before the second goes: entries that a
 * crash leaves twice are known by their sequence.
 * @param segments oldest first, none of them in use
 * @param entries everything that is queued
 * @returns undefined when nothing gets smaller by it
 */
export function mergeSegments(segments: readonly Segment[], entries: readonly OutboxEntry[]): Merged | undefined {
  const queued = new Set(entries.map(({ sequence }) => sequence))
  for (let first = 0; first < segments.length; first++) {
    const pair = segments.slice(first, first + 2)
    const mine = pair.flatMap(segment => entriesOf(segment, queued))
    const ends = lastOfEach(mine)
    if (pair.length === 1 && ends.length === mine.length) continue
    const [into, ...removed] = pair
    if (!into) return undefined
    const merged = ends.map(entry => ({ entry: withGap(entry, mine), body: bodyIn(pair, entry) }))
    const records = merged.map(({ entry, body }) => [headerOf(entry), body ?? ''] as const)
    if (merged.some(({ body }) => body === undefined)) continue
    const segment = rewrite(into, records)
    for (const other of removed) removeSegment(other)
    const whole = merged.map(({ entry }) => wholeEntry(entry))
    return { segment, replaced: into, entries: whole, removed, changes: mine.length - ends.length }
  }
  return undefined
}

function entriesOf(segment: Segment, queued: ReadonlySet<number>): readonly OutboxEntry[] {
  return segment.records.flatMap(({ header }) => {
    if (header.kind !== 'entry' || !queued.has(header.sequence)) return []
    const { kind: _kind, isWhole: _isWhole, ...entry } = header
    return [entry]
  })
}

function lastOfEach(entries: readonly OutboxEntry[]): readonly OutboxEntry[] {
  const last = new Map(entries.map(entry => [entry.facet, entry]))
  return [...last.values()].sort((a, b) => a.sequence - b.sequence)
}

/** The gap begins where the first change that went was seen. A merged baseline is one: what it was is not known apart. */
function withGap(entry: OutboxEntry, all: readonly OutboxEntry[]): OutboxEntry {
  const merged = all.filter(other => other.facet === entry.facet && other.sequence < entry.sequence)
  if (merged.length === 0) return entry
  const gaps = [...merged, entry].flatMap(({ gap }) => gap ?? [])
  const changes = merged.length + gaps.reduce((sum, gap) => sum + gap.changes, 0)
  const fromMs = Math.min(...merged.map(other => other.observedAtMs), ...gaps.map(gap => gap.fromMs))
  return { ...entry, baseline: entry.baseline || merged.some(({ baseline }) => baseline), gap: { changes, fromMs } }
}

function bodyIn(segments: readonly Segment[], entry: OutboxEntry): string | undefined {
  const own = segments.find(({ records }) =>
    records.some(({ header }) => header.kind === 'entry' && header.sequence === entry.sequence),
  )
  return own && bodyOf(own, entry)
}

const wholeEntry = (entry: OutboxEntry): OutboxEntry => ({ ...entry, baseDigest: '', deltaBytes: 0 })

const headerOf = (entry: OutboxEntry): EntryHeader => ({ kind: 'entry', ...wholeEntry(entry), isWhole: true })
