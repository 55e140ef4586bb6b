// One file of the outbox. Each stands for itself: before the first delta of a facet it holds what the delta starts from.
import { closeSync, ftruncateSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs'
import { canonicalJson, facetDigest } from '../../../proto/canonical.ts'
import { applyDelta, parseDelta } from '../../../proto/delta.ts'
import type { JsonObject } from '../../../proto/facet.ts'
import { writeFileDurably } from '../../../runtime/write-file.ts'
import type { OutboxEntry } from './outbox.ts'
import { contentAt, encodeRecord, type Header, type StoredRecord, scanRecords } from './record.ts'

export interface Segment {
  readonly path: string
  readonly number: number
  readonly fd: number
  /** bytes of whole records */
  size: number
  records: StoredRecord[]
  /** facets that deltas may be written of */
  readonly based: Set<string>
}

export const segmentName = (number: number): string => `${String(number).padStart(10, '0')}.log`
export const segmentPattern = /^\d{10}\.log$/

/** Opens or makes a file; what a crash tore at its end is cut off. @returns bytes that were cut off, too */
export function openSegment(path: string, number: number): { readonly segment: Segment; readonly tornBytes: number } {
  const fd = openSync(path, 'a+', 0o600)
  const content = readFileSync(path)
  const { records, validBytes } = scanRecords(content)
  const tornBytes = content.length - validBytes
  if (tornBytes > 0) ftruncateSync(fd, validBytes)
  const segment: Segment = { path, number, fd, size: validBytes, records: [...records], based: new Set() }
  for (const { header } of records) segment.based.add(header.facet)
  return { segment, tornBytes }
}

/** Appends; not on disk before the descriptor was synced. @throws system errors, after which the file is as before */
export function append(segment: Segment, header: Header, content: string): void {
  const record = encodeRecord(header, content)
  try {
    for (let written = 0; written < record.length; ) written += writeSync(segment.fd, record, written)
  } catch (error) {
    ftruncateSync(segment.fd, segment.size)
    throw error
  }
  segment.records.push({ header, ...contentAt(segment.size, record) })
  segment.size += record.length
  segment.based.add(header.facet)
}

/** Replaces the file by one with these records, whole or not at all. @throws system errors */
export function rewrite(segment: Segment, records: readonly (readonly [Header, string])[]): Segment {
  writeFileDurably(
    segment.path,
    Buffer.concat(records.map(([header, content]) => encodeRecord(header, content))),
    0o600,
  )
  closeSync(segment.fd)
  return openSegment(segment.path, segment.number).segment
}

export function closeSegment(segment: Segment): void {
  closeSync(segment.fd)
}

export function removeSegment(segment: Segment): void {
  closeSync(segment.fd)
  rmSync(segment.path, { force: true })
}

function contentOf(segment: Segment, { offset, length }: StoredRecord): string {
  const bytes = Buffer.allocUnsafe(length)
  let read = 0
  while (read < length) {
    const got = readSync(segment.fd, bytes, read, length - read, offset + read)
    if (got === 0) throw new Error(`${segment.path}: ended at byte ${offset + read}`)
    read += got
  }
  return bytes.toString('utf8')
}

/** Canonical body of an entry: the nearest whole one before it, and the deltas in between. Undefined when it does not fit. */
export function bodyOf(segment: Segment, entry: OutboxEntry): string | undefined {
  let body: string | undefined
  for (const record of segment.records) {
    const { header } = record
    if (header.facet !== entry.facet) continue
    const isWhole = header.kind === 'base' || header.isWhole
    body = isWhole ? contentOf(segment, record) : body && applied(body, contentOf(segment, record))
    if (header.kind !== 'entry' || header.sequence !== entry.sequence) continue
    return body !== undefined && isBodyOf(entry, body) ? body : undefined
  }
  return undefined
}

/** Delta of an entry as it was kept; undefined for one that was kept whole. */
export function deltaOf(segment: Segment, { sequence }: OutboxEntry): string | undefined {
  const record = segment.records.find(
    ({ header }) => header.kind === 'entry' && header.sequence === sequence && !header.isWhole,
  )
  return record && contentOf(segment, record)
}

function applied(body: string, delta: string): string {
  return canonicalJson(applyDelta(JSON.parse(body) as JsonObject, parseDelta(delta)))
}

function isBodyOf({ facet, schemaVersion, state, digest }: OutboxEntry, body: string): boolean {
  return facetDigest(facet, schemaVersion, state, body) === digest
}
