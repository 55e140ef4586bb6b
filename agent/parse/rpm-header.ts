// Parses the header of one installed package as rpm's database keeps it, in whatever file format.
import { decodeHostBytes } from '../host/decode.ts'
import { viewOf } from './byte-source.ts'
import type { RpmPackage } from './rpm-query.ts'

/** Numbers of rpmtag.h, and types of rpmtd.h in brackets below. */
const tags = { name: 1000, version: 1001, release: 1002, epoch: 1003, installTime: 1008, arch: 1022, sourceRpm: 1044 }
const int32Type = 4
const stringType = 6
const entryBytes = 16
const maxEntries = 65_536
const maxTextBytes = 1000

interface Entry {
  readonly type: number
  readonly offset: number
}

/**
 * A count of entries and the length of the data, 4 bytes each, most significant first; then 16 bytes per entry (tag,
 * type, offset into the data, count), then the data. There is no magic number in front as in package files.
 *
 * @returns undefined when the bytes are no header, or it has no name, version and release
 */
export function parseRpmHeader(blob: Uint8Array): RpmPackage | undefined {
  if (blob.length < 8) return undefined
  const view = viewOf(blob)
  const [entries, dataBytes] = [view.getUint32(0), view.getUint32(4)]
  const start = 8 + entries * entryBytes
  if (entries > maxEntries || start + dataBytes !== blob.length) return undefined
  const index = readIndex(view, entries)
  const data = blob.subarray(start)
  const text = (tag: number) => textAt(data, index.get(tag))
  const [name, version, release] = [text(tags.name), text(tags.version), text(tags.release)]
  const [epoch, installedAt] = [numberAt(data, index.get(tags.epoch)), numberAt(data, index.get(tags.installTime))]
  const [architecture, sourceRpm] = [text(tags.arch), text(tags.sourceRpm)]
  if (!name || !version || !release || epoch === undefined || installedAt === undefined) return undefined
  if (architecture === undefined || sourceRpm === undefined) return undefined
  return { name, epoch, version: `${version}-${release}`, architecture, sourceRpm, installedAt }
}

/** What rpm added when it installed the package stands behind the entries of the package file and replaces them. */
function readIndex(view: DataView, entries: number): ReadonlyMap<number, Entry> {
  const index = new Map<number, Entry>()
  for (let number = 0; number < entries; number += 1) {
    const at = 8 + number * entryBytes
    index.set(view.getUint32(at), { type: view.getUint32(at + 4), offset: view.getInt32(at + 8) })
  }
  return index
}

/** Empty when there is no such entry; undefined when it is not a text, or one that nobody would write. */
function textAt(data: Uint8Array, entry: Entry | undefined): string | undefined {
  if (!entry) return ''
  if (entry.type !== stringType || entry.offset < 0) return undefined
  const bytes = data.subarray(entry.offset, entry.offset + maxTextBytes)
  const end = bytes.indexOf(0)
  const text = end < 0 ? '' : decodeHostBytes(bytes.subarray(0, end))
  return end < 0 || /[\x00-\x20\x7f]/.test(text) ? undefined : text
}

/** 0 when there is no such entry, undefined when it is not a number. */
function numberAt(data: Uint8Array, entry: Entry | undefined): number | undefined {
  if (!entry) return 0
  if (entry.type !== int32Type || entry.offset < 0 || entry.offset + 4 > data.length) return undefined
  return viewOf(data).getUint32(entry.offset)
}
