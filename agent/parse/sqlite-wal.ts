// Finds the pages that a write-ahead log of SQLite holds in place of those of its database.
import { type ByteSource, pieceOf } from './byte-source.ts'

const headerBytes = 32
const frameHeaderBytes = 24
const magic = 0x377f0682
/** The last bit of the magic number says how the words of checksums are read. */
const bigEndianBit = 1

type Sums = readonly [number, number]

/**
 * Offset in the log by page number, as of the last transaction that was committed. The log is a header and frames of
 * one page each; those of an earlier round have other salts, and a write that was cut off has a wrong checksum. From
 * there on SQLite ignores the log, and so do we. https://sqlite.org/fileformat2.html#walformat
 */
export function parseSqliteWal(source: ByteSource, pageBytes: number): ReadonlyMap<number, number> {
  const committed = new Map<number, number>()
  if (source.sizeBytes < headerBytes) return committed
  const header = pieceOf(source, 0, headerBytes)
  const littleEndian = (header.getUint32(0) & bigEndianBit) === 0
  let sums = addWords([0, 0], header, 24, littleEndian)
  const isSound = (header.getUint32(0) & ~bigEndianBit) >>> 0 === magic && header.getUint32(8) === pageBytes
  if (!isSound || !equals(sums, header, 24)) return committed
  let pending: [number, number][] = []
  const frameBytes = frameHeaderBytes + pageBytes
  for (let at = headerBytes; at + frameBytes <= source.sizeBytes; at += frameBytes) {
    const frame = pieceOf(source, at, frameBytes)
    if (frame.getUint32(8) !== header.getUint32(16) || frame.getUint32(12) !== header.getUint32(20)) break
    sums = addWords(sums, frame, 8, littleEndian)
    sums = addWords(sums, frame, frameBytes, littleEndian, frameHeaderBytes)
    if (!equals(sums, frame, 16)) break
    pending.push([frame.getUint32(0), at + frameHeaderBytes])
    if (frame.getUint32(4) === 0) continue
    for (const [page, offset] of pending) committed.set(page, offset)
    pending = []
  }
  return committed
}

/** SQLite's checksum goes on over pairs of words up to `end`. */
function addWords(before: Sums, view: DataView, end: number, littleEndian: boolean, start = 0): Sums {
  let [first, second] = before
  for (let at = start; at < end; at += 8) {
    first = (first + view.getUint32(at, littleEndian) + second) >>> 0
    second = (second + view.getUint32(at + 4, littleEndian) + first) >>> 0
  }
  return [first, second]
}

function equals([first, second]: Sums, view: DataView, at: number): boolean {
  return view.getUint32(at) === first && view.getUint32(at + 4) === second
}
