// Records of an outbox file: length, checksum, a line of JSON, the content. A torn one ends the file.
import { crc32 } from 'node:zlib'
import type { OutboxEntry } from './outbox.ts'

/** A whole body that the deltas after it start from. */
export interface BaseHeader {
  readonly kind: 'base'
  readonly facet: string
  readonly digest: string
}

export interface EntryHeader extends OutboxEntry {
  readonly kind: 'entry'
  /** the content is the body; otherwise it is the delta */
  readonly isWhole: boolean
}

export type Header = BaseHeader | EntryHeader

export interface StoredRecord {
  readonly header: Header
  /** where the content stands in the file */
  readonly offset: number
  readonly length: number
}

const prefixBytes = 8
const newline = 0x0a

export function encodeRecord(header: Header, content: string): Buffer {
  const payload = Buffer.from(`${JSON.stringify(header)}\n${content}`, 'utf8')
  const record = Buffer.allocUnsafe(prefixBytes + payload.length)
  record.writeUInt32LE(payload.length, 0)
  record.writeUInt32LE(crc32(payload), 4)
  payload.copy(record, prefixBytes)
  return record
}

/** Where the content of a record stands that is written at `position`. */
export function contentAt(position: number, record: Buffer): { readonly offset: number; readonly length: number } {
  const start = record.indexOf(newline, prefixBytes) + 1
  return { offset: position + start, length: record.length - start }
}

/** @returns the records before the first that is damaged, and how many bytes they take */
export function scanRecords(file: Buffer): { readonly records: readonly StoredRecord[]; readonly validBytes: number } {
  const records: StoredRecord[] = []
  let position = 0
  while (position + prefixBytes <= file.length) {
    const end = position + prefixBytes + file.readUInt32LE(position)
    if (end > file.length) break
    const payload = file.subarray(position + prefixBytes, end)
    const header = crc32(payload) === file.readUInt32LE(position + 4) ? headerOf(payload) : undefined
    if (!header) break
    const offset = position + prefixBytes + payload.indexOf(newline) + 1
    records.push({ header, offset, length: end - offset })
    position = end
  }
  return { records, validBytes: position }
}

/** Whatever has the right checksum was written here; a form of another version is as good as damage. */
function headerOf(payload: Buffer): Header | undefined {
  const end = payload.indexOf(newline)
  if (end < 0) return undefined
  try {
    const header = JSON.parse(payload.toString('utf8', 0, end))
    return header.kind === 'base' || header.kind === 'entry' ? header : undefined
  } catch {
    return undefined
  }
}
