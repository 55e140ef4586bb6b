// Reads an outbox directory at the start: what is queued, where each facet stood, what cannot be read any more.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../../proto/facet.ts'
import { errnoOf, GabionError } from '../../../runtime/errors.ts'
import type { Log } from '../../../runtime/log.ts'
import { writeFileDurably } from '../../../runtime/write-file.ts'
import type { Gap, OutboxEntry } from './outbox.ts'
import type { Place } from './queue.ts'
import { bodyOf, openSegment, type Segment, segmentPattern } from './segment.ts'

/** What a facet stood at last, so that its next change can be a delta. */
export interface Latest {
  readonly digest: string
  /** undefined when the facet had no facts, or they cannot be read */
  readonly facts: JsonObject | undefined
  readonly observedAtMs: number
}

export interface Loaded {
  readonly segments: readonly Segment[]
  readonly places: Place[]
  readonly latest: Map<string, Latest>
  /** by facet: what its next change has to say is missing */
  readonly lost: Map<string, Gap>
}

/** Reads every file once. After damage that is not the torn end of the last file, each facet's next change has a gap. */
export function loadSegments(directory: string, log: Log): Loaded {
  const names = readdirSync(directory)
    .filter(name => segmentPattern.test(name))
    .sort()
  const segments: Segment[] = []
  const places: Place[] = []
  const latest = new Map<string, Latest>()
  const lost = new Map<string, Gap>()
  for (const name of names) {
    const { segment, tornBytes } = openSegment(join(directory, name), Number(name.slice(0, 10)))
    segments.push(segment)
    const found = newEntries(segment, places.at(-1)?.entry.sequence ?? 0)
    for (const entry of found) places.push({ entry, segment })
    for (const entry of new Map(found.map(each => [each.facet, each])).values()) {
      latest.set(entry.facet, latestOf(segment, entry))
    }
    if (tornBytes === 0) continue
    log.warn('the end of an outbox file was torn and is cut off', { file: name, bytes: tornBytes })
    if (name === names.at(-1)) continue
    for (const [facet, { observedAtMs }] of latest) lost.set(facet, { changes: 0, fromMs: observedAtMs })
  }
  return { segments, places, latest, lost }
}

/** A crash in a merge leaves entries twice: those of the earlier file count. */
function newEntries({ records }: Segment, highest: number): readonly OutboxEntry[] {
  return records.flatMap(({ header }) => {
    if (header.kind !== 'entry' || header.sequence <= highest) return []
    const { kind: _kind, isWhole: _isWhole, ...entry } = header
    return [entry]
  })
}

function latestOf(segment: Segment, entry: OutboxEntry): Latest {
  const { digest, observedAtMs } = entry
  const body = entry.state === 'present' ? bodyOf(segment, entry) : undefined
  return { digest, observedAtMs, facts: body === undefined ? undefined : (JSON.parse(body) as JsonObject) }
}

/** Kept from the first start on. @throws GabionError with code `state_directory` when it is damaged */
export function takeId(directory: string, make: () => string): string {
  const path = join(directory, 'id')
  const known = readLine(path)
  if (known === undefined) {
    const id = make()
    writeFileDurably(path, `${id}\n`, 0o600)
    return id
  }
  if (/^[0-9a-f-]{36}$/.test(known)) return known
  throw new GabionError('state_directory', `${path}: is damaged; remove the directory to begin a new outbox`)
}

function readLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw cause
  }
}
