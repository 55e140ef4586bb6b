// Reads the headers out of `Packages`, a hash of Berkeley DB in which rpm kept its database until Red Hat 8.
import {
  type ByteSource,
  createAllowance,
  createScratch,
  MalformedBytes,
  maxBlobBytes,
  pieceOf,
  slice,
} from './byte-source.ts'

const metaBytes = 512
const pageHeadBytes = 26
const hashMagic = 0x061561
const pageTypes = { unsortedHash: 2, overflow: 7, hashMeta: 8, hash: 13 } as const
/** How an entry of a hash page is kept: in the page itself, or in pages of its own. */
const entryTypes = { inPage: 1, offPage: 3 } as const
const offPageBytes = 12
/** What rpm keeps under the key 0 is a counter of four bytes. */
const counterBytes = 4

interface File {
  readonly source: ByteSource
  readonly pageBytes: number
  readonly littleEndian: boolean
  readonly allow: (length: number) => void
  readonly value: (length: number) => Uint8Array
  readonly overflow: Uint8Array
}

/**
 * Every page of type hash has keys and values in turn, as offsets within the page; each ends where the one before it
 * begins. Values longer than a quarter of a page are in chains of overflow pages. Each is good until the next. libdb: src/dbinc/db_page.h, hash.h
 *
 * @throws MalformedBytes
 */
export function* bdbBlobs(source: ByteSource): Generator<Uint8Array> {
  const meta = pieceOf(source, 0, metaBytes)
  const littleEndian = meta.getUint32(12, true) === hashMagic
  if (!littleEndian && meta.getUint32(12, false) !== hashMagic) throw new MalformedBytes('is no hash of Berkeley DB')
  const pageBytes = meta.getUint32(20, littleEndian)
  const isPowerOfTwo = (pageBytes & (pageBytes - 1)) === 0
  const isSound = pageBytes >= 512 && pageBytes <= 65_536 && isPowerOfTwo && meta.getUint8(25) === pageTypes.hashMeta
  if (!isSound) throw new MalformedBytes('has a first page that cannot be')
  if (meta.getUint8(24) !== 0) throw new MalformedBytes('is encrypted')
  const file = {
    source,
    pageBytes,
    littleEndian,
    allow: createAllowance(source.sizeBytes),
    value: createScratch(),
    overflow: new Uint8Array(pageBytes),
  }
  const last = meta.getUint32(32, littleEndian)
  for (let number = 1; number <= last; number += 1) {
    const head = pieceOf(source, number * pageBytes, pageHeadBytes)
    const type = head.getUint8(25)
    if (type === pageTypes.hash || type === pageTypes.unsortedHash) yield* hashPage(file, number)
  }
}

function* hashPage(file: File, number: number): Generator<Uint8Array> {
  const { source, pageBytes, littleEndian } = file
  const view = pieceOf(source, number * pageBytes, pageBytes)
  const entries = view.getUint16(20, littleEndian)
  if (pageHeadBytes + entries * 2 > pageBytes) throw new MalformedBytes(`page ${number} has too many entries`)
  for (let entry = 1; entry < entries; entry += 2) {
    const before = pageHeadBytes + (entry - 1) * 2
    const [end, at] = [view.getUint16(before, littleEndian), view.getUint16(before + 2, littleEndian)]
    const value = slice(view, at, end - at)
    if (value[0] === entryTypes.inPage && value.length > 1 + counterBytes) yield value.subarray(1)
    if (value[0] !== entryTypes.offPage) continue
    if (value.length < offPageBytes) throw new MalformedBytes(`page ${number} has an entry that is too short`)
    yield chainAt(file, view.getUint32(at + 4, littleEndian), view.getUint32(at + 8, littleEndian))
  }
}

/** Overflow pages say how much they hold, and which page is the next. */
function chainAt(file: File, first: number, length: number): Uint8Array {
  const { source, pageBytes, littleEndian, allow, value, overflow } = file
  if (length > maxBlobBytes) throw new MalformedBytes('a value is too long')
  allow(length)
  const blob = value(length)
  let next = first
  for (let filled = 0; filled < length; ) {
    const page = pieceOf(source, next * pageBytes, pageBytes, overflow)
    const held = page.getUint16(22, littleEndian)
    const isSound = page.getUint8(25) === pageTypes.overflow && held > 0 && filled + held <= length
    if (next === 0 || !isSound) throw new MalformedBytes(`page ${next} is not one of a value`)
    blob.set(slice(page, pageHeadBytes, held), filled)
    filled += held
    next = page.getUint32(16, littleEndian)
  }
  return blob
}
