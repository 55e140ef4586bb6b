// What is queued and in which files: offered in order once it is synced, merged when it is too much, dropped when told.
import { fsync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../../runtime/errors.ts'
import type { Log } from '../../../runtime/log.ts'
import { syncDirectory } from '../../../runtime/write-file.ts'
import { mergeSegments } from './merge.ts'
import type { OfferableEntry, OutboxEntry } from './outbox.ts'
import { openSegment, removeSegment, type Segment, segmentName } from './segment.ts'

export interface OutboxLimits {
  /** a file of this size is closed and the next begun */
  readonly segmentBytes: number
  /** over this much the oldest changes merge */
  readonly bytes: number
  /** over this many, too: each takes some memory */
  readonly entries: number
  /** changes that are so much older than the latest merge, in milliseconds */
  readonly ageMs: number
}

export interface Place {
  readonly entry: OutboxEntry
  readonly segment: Segment
}

/** Belongs to one outbox; the functions below change it. */
export interface Queue {
  readonly directory: string
  readonly limits: OutboxLimits
  segments: readonly Segment[]
  /** by sequence */
  places: Place[]
  /** how many of the places are on disk */
  durable: number
  acknowledged: number
  /** highest sequence that somebody may still ask the body of, 0 for none */
  handedOut: number
  /** changes that were merged since it was empty at last */
  merged: number
}

/** Files that the age of a change is spread over: so much later than its time it may merge. */
const filesPerAge = 30

/** The file that a change seen at this time is appended to. @throws system errors */
export function activeSegment(queue: Queue, observedAtMs: number): Segment {
  const { segmentBytes, ageMs } = queue.limits
  const last = queue.segments.at(-1)
  const first = queue.places.findLastIndex(({ segment }) => segment !== last) + 1
  const begun = queue.places[first]?.entry.observedAtMs ?? observedAtMs
  if (last && last.size < segmentBytes && observedAtMs - begun < ageMs / filesPerAge) return last
  const number = (last?.number ?? 0) + 1
  const { segment } = openSegment(join(queue.directory, segmentName(number)), number)
  syncDirectory(queue.directory)
  queue.segments = [...queue.segments, segment]
  return segment
}

export function bytesOf({ segments }: Queue): number {
  return segments.reduce((sum, segment) => sum + segment.size, 0)
}

export function findPlace({ places }: Queue, sequence: number): Place | undefined {
  return places.find(({ entry }) => entry.sequence === sequence)
}

/** Entries above a sequence that are on disk. */
export function handOut(queue: Queue, sequence: number, limit: number): readonly OfferableEntry[] {
  const { places, durable, acknowledged } = queue
  const found: OfferableEntry[] = []
  for (let index = 0; index < durable && found.length < limit; index++) {
    const entry = places[index]?.entry
    if (!entry || entry.sequence <= sequence) continue
    found.push({ ...entry, previousSequence: places[index - 1]?.entry.sequence ?? acknowledged })
  }
  queue.handedOut = Math.max(queue.handedOut, found.at(-1)?.sequence ?? 0)
  return found
}

export function acknowledge(queue: Queue, sequence: number): void {
  queue.acknowledged = sequence
  const first = queue.places.findIndex(({ entry }) => entry.sequence > sequence)
  const gone = first < 0 ? queue.places.length : first
  queue.places = queue.places.slice(gone)
  queue.durable = Math.max(0, queue.durable - gone)
  if (queue.places.length === 0) queue.merged = 0
  const used = new Set(queue.places.map(({ segment }) => segment))
  const last = queue.segments.at(-1)
  for (const segment of queue.segments) if (segment !== last && !used.has(segment)) removeSegment(segment)
  queue.segments = queue.segments.filter(segment => segment === last || used.has(segment))
}

/** @returns whether it was there */
export function discard(queue: Queue, sequence: number): boolean {
  const index = queue.places.findIndex(({ entry }) => entry.sequence === sequence)
  if (index < 0) return false
  queue.places = queue.places.toSpliced(index, 1)
  if (index < queue.durable) queue.durable--
  return true
}

/** Merges the oldest changes until everything fits, or nothing can be merged any more, and then what is too old. */
export function shrink(queue: Queue, log: Log): void {
  const { limits } = queue
  while (bytesOf(queue) > limits.bytes || queue.places.length > limits.entries) {
    const changes = mergeOldest(queue, movable(queue, queue.segments.slice(0, -1)))
    if (changes === undefined) break
    log.warn('the outbox is full, its oldest changes were merged', { changes, entries: queue.places.length })
  }
  for (let old = aged(queue); old.length > 0; old = aged(queue)) {
    const changes = mergeOldest(queue, movable(queue, old))
    if (changes === undefined) return
    log.warn('changes wait for too long, the oldest were merged', { changes, entries: queue.places.length })
  }
}

/** Those that nobody sends from. */
const movable = (queue: Queue, segments: readonly Segment[]) => segments.filter(segment => !isHandedOut(queue, segment))

/** Files before the first change that is no older than the bound: where the clock was set back, too, neighbours merge. */
function aged({ places, segments, limits }: Queue): readonly Segment[] {
  const latestMs = places.at(-1)?.entry.observedAtMs ?? 0
  const young = places.find(({ entry }) => latestMs - entry.observedAtMs <= limits.ageMs)?.segment
  return segments.slice(0, young ? segments.indexOf(young) : 0)
}

/** @returns changes that cannot be told apart any more; undefined when nothing gets smaller by it */
function mergeOldest(queue: Queue, segments: readonly Segment[]): number | undefined {
  const merged = mergeSegments(
    segments,
    queue.places.map(({ entry }) => entry),
  )
  if (!merged) return undefined
  const { segment, removed, replaced, entries, changes } = merged
  const durableUpTo = queue.places[queue.durable - 1]?.entry.sequence ?? 0
  const gone = new Set([replaced, ...removed])
  queue.segments = queue.segments.flatMap(each => (each === replaced ? segment : gone.has(each) ? [] : each))
  queue.places = [
    ...entries.map(entry => ({ entry, segment })),
    ...queue.places.filter(place => !gone.has(place.segment)),
  ].sort((a, b) => a.entry.sequence - b.entry.sequence)
  queue.durable = queue.places.filter(({ entry }) => entry.sequence <= durableUpTo).length
  queue.merged += changes
  return changes
}

function isHandedOut({ handedOut, places }: Queue, segment: Segment): boolean {
  return handedOut > 0 && places.some(place => place.segment === segment && place.entry.sequence <= handedOut)
}

export interface Syncer {
  /** brings what was appended to the disk, soon */
  request(): void
  /** resolves when everything is */
  flushed(): Promise<void>
}

/** Only what is on disk is offered. @param onSynced told when more is */
export function createSyncer(queue: Queue, log: Log, onSynced: () => void): Syncer {
  const waiters = new Set<() => void>()
  let isBusy = false

  async function run(): Promise<void> {
    const upTo = queue.places.at(-1)?.entry.sequence ?? 0
    try {
      await syncAll(new Set(queue.places.slice(queue.durable).map(({ segment }) => segment)))
    } catch (error) {
      log.error('the outbox could not be synced', { reason: messageOf(error) })
    }
    const synced = queue.places.findLastIndex(({ entry }) => entry.sequence <= upTo) + 1
    queue.durable = Math.max(queue.durable, synced)
    isBusy = false
    if (queue.durable < queue.places.length) request()
    else for (const wake of [...waiters]) wake()
    onSynced()
  }

  function request(): void {
    if (isBusy) return
    isBusy = true
    setImmediate(() => void run())
  }

  return {
    request,
    flushed: () =>
      new Promise(resolve => {
        if (queue.durable >= queue.places.length && !isBusy) return resolve()
        const wake = () => {
          waiters.delete(wake)
          resolve()
        }
        waiters.add(wake)
      }),
  }
}

async function syncAll(segments: ReadonlySet<Segment>): Promise<void> {
  const sync = ({ fd }: Segment) =>
    new Promise<void>((resolve, reject) => fsync(fd, error => (error ? reject(error) : resolve())))
  await Promise.all([...segments].map(sync))
}
