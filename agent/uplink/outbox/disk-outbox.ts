// The outbox on disk: every change is appended, synced, offered, and dropped when it is acknowledged.
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson } from '../../../proto/canonical.ts'
import { keysOf, makeDelta } from '../../../proto/delta.ts'
import type { Facet, FacetState } from '../../../proto/facet.ts'
import { canonicalBody } from '../../../proto/seal.ts'
import { errnoOf, GabionError, messageOf } from '../../../runtime/errors.ts'
import type { Log } from '../../../runtime/log.ts'
import { type Latest, type Loaded, loadSegments, takeId } from './load.ts'
import type { Gap, Outbox, OutboxEntry } from './outbox.ts'
import {
  acknowledge,
  activeSegment,
  bytesOf,
  createSyncer,
  discard,
  findPlace,
  handOut,
  type OutboxLimits,
  type Queue,
  shrink,
} from './queue.ts'
import { append, bodyOf, closeSegment, deltaOf } from './segment.ts'

export const outboxLimits: OutboxLimits = {
  segmentBytes: 2 * 1024 * 1024,
  bytes: 64 * 1024 * 1024,
  entries: 20_000,
  ageMs: 30 * 86_400_000,
}

export interface DiskOutbox extends Outbox {
  /** changes that were merged for want of room since it was empty at last */
  readonly merged: number
  /** resolves when everything that was added is on disk */
  flushed(): Promise<void>
  close(): void
}

/**
 * Opens the outbox of a state directory, making it at the first start. What a crash tore is cut off and told.
 * @throws GabionError with code `state_directory` when the directory cannot be used
 */
export function openDiskOutbox(stateDirectory: string, log: Log, limits: OutboxLimits = outboxLimits): DiskOutbox {
  const directory = join(stateDirectory, 'outbox')
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const id = takeId(directory, randomUUID)
    const loaded = loadSegments(directory, log)
    const { segments, places } = loaded
    const queue = {
      directory,
      limits,
      segments,
      places,
      durable: places.length,
      acknowledged: 0,
      handedOut: 0,
      merged: 0,
    }
    return createOutbox(id, queue, createWriter(queue, loaded, log), log)
  } catch (cause) {
    if (cause instanceof GabionError) throw cause
    const reason = errnoOf(cause) || messageOf(cause)
    throw new GabionError('state_directory', `${directory}: cannot be used (${reason})`, { cause })
  }
}

function createOutbox(id: string, queue: Queue, writer: Writer, log: Log): DiskOutbox {
  const listeners = new Set<() => void>()
  const syncer = createSyncer(queue, log, () => {
    for (const listener of [...listeners]) listener()
  })
  const put = (...change: Parameters<Writer['put']>) => {
    writer.put(...change)
    syncer.request()
  }
  return {
    id,
    add(facet, state, observedAtMs, baseline) {
      const before = writer.latest(facet.name)
      if (before?.digest === state.digest) return writer.confirm(state)
      if (!baseline || !before) return put(facet, state, observedAtMs, baseline)
      // Nobody looked between two lives of the agent.
      put(facet, state, observedAtMs, true, { changes: 0, fromMs: before.observedAtMs })
    },
    repeat: (facet, state, observedAtMs, gap) => put(facet, state, observedAtMs, true, gap),
    acknowledge(sequence) {
      acknowledge(queue, sequence)
      writer.continueAfter(sequence)
    },
    discard(entry) {
      if (discard(queue, entry.sequence)) writer.lose(entry)
    },
    get acknowledged() {
      return queue.acknowledged
    },
    after: (sequence, limit) => handOut(queue, sequence, limit),
    release() {
      queue.handedOut = 0
    },
    body: entry => readFrom(queue, entry, log, bodyOf),
    delta: entry => readFrom(queue, entry, log, deltaOf),
    get size() {
      return queue.places.length
    },
    get bytes() {
      return bytesOf(queue)
    },
    get oldestMs() {
      return queue.places[0]?.entry.observedAtMs ?? 0
    },
    get merged() {
      return queue.merged
    },
    onAdd(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    flushed: syncer.flushed,
    close() {
      for (const segment of queue.segments) closeSegment(segment)
    },
  }
}

function readFrom(queue: Queue, entry: OutboxEntry, log: Log, read: typeof bodyOf): string | undefined {
  const place = findPlace(queue, entry.sequence)
  try {
    return place && read(place.segment, entry)
  } catch (error) {
    log.error('the outbox could not be read', { facet: entry.facet, reason: messageOf(error) })
    return undefined
  }
}

interface Writer {
  latest(facet: string): Latest | undefined
  /** the state that is queued already: the resident agent holds the same facts, and one copy is enough */
  confirm(state: FacetState): void
  /** Appends. A change that cannot be written is not forgotten: the next one of its facet says that one is missing. */
  put(facet: Facet, state: FacetState, observedAtMs: number, baseline: boolean, gap?: Gap): void
  lose(entry: Pick<OutboxEntry, 'facet' | 'observedAtMs' | 'gap'>): void
  /** the next sequence is higher than this one, whatever was found on disk */
  continueAfter(sequence: number): void
}

function createWriter(queue: Queue, { latest, lost }: Loaded, log: Log): Writer {
  let next = (queue.places.at(-1)?.entry.sequence ?? 0) + 1

  function write(facet: Facet, state: FacetState, observedAtMs: number, baseline: boolean, gap: Gap | undefined): void {
    const { name } = facet
    const body = canonicalBody(state)
    const before = latest.get(name)
    const segment = activeSegment(queue, observedAtMs)
    const delta = deltaFrom(facet, before, state, body)
    const missed = joinGaps(lost.get(name), gap)
    const entry: OutboxEntry = {
      ...{ sequence: next, facet: name, schemaVersion: state.schemaVersion, state: state.state, digest: state.digest },
      ...{ baseDigest: delta === '' ? '' : (before?.digest ?? ''), observedAtMs, baseline },
      ...{ bodyBytes: Buffer.byteLength(body), deltaBytes: Buffer.byteLength(delta) },
      ...(missed && { gap: missed }),
    }
    if (delta !== '' && before?.facts && !segment.based.has(name)) {
      append(segment, { kind: 'base', facet: name, digest: before.digest }, canonicalJson(before.facts))
    }
    append(segment, { kind: 'entry', ...entry, isWhole: delta === '' }, delta === '' ? body : delta)
    next++
    lost.delete(name)
    latest.set(name, { digest: state.digest, facts: factsOf(state), observedAtMs })
    queue.places.push({ entry, segment })
    shrink(queue, log)
  }

  function lose({ facet, observedAtMs, gap }: Parameters<Writer['lose']>[0]): void {
    const missed = joinGaps(lost.get(facet), gap, { changes: 1, fromMs: observedAtMs })
    if (missed) lost.set(facet, missed)
    latest.delete(facet)
  }

  return {
    latest: facet => latest.get(facet),
    confirm(state) {
      const before = latest.get(state.facet)
      if (before) latest.set(state.facet, { ...before, facts: factsOf(state) })
    },
    put(facet, state, observedAtMs, baseline, gap) {
      try {
        write(facet, state, observedAtMs, baseline, gap)
      } catch (error) {
        lose({ facet: facet.name, observedAtMs, ...(gap && { gap }) })
        log.error('a change could not be kept', { facet: facet.name, reason: messageOf(error) })
      }
    },
    lose,
    continueAfter(sequence) {
      next = Math.max(next, sequence + 1)
    },
  }
}

const factsOf = (state: FacetState) => (state.state === 'present' ? state.facts : undefined)

/** A delta is worth keeping only between two present states, and when it is the smaller of the two. */
function deltaFrom(facet: Facet, before: Latest | undefined, after: FacetState, body: string): string {
  if (!before?.facts || after.state !== 'present') return ''
  const delta = JSON.stringify(makeDelta(before.facts, after.facts, keysOf(facet)))
  return delta.length < body.length ? delta : ''
}

function joinGaps(...gaps: readonly (Gap | undefined)[]): Gap | undefined {
  const known = gaps.filter(gap => gap !== undefined)
  if (known.length === 0) return undefined
  const changes = known.reduce((sum, gap) => sum + gap.changes, 0)
  return { changes, fromMs: Math.min(...known.map(gap => gap.fromMs)) }
}
