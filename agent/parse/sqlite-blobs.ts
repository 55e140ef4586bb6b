// Reads the blobs of one table out of a file of SQLite, page by page and without its engine.
import {
  type ByteSource,
  createAllowance,
  createScratch,
  MalformedBytes,
  maxBlobBytes,
  pieceOf,
  slice,
  viewOf,
} from './byte-source.ts'
import { parseSqliteWal } from './sqlite-wal.ts'

const magic = 'SQLite format 3\0'
const headerBytes = 100
const leafPage = 0x0d
const interiorPage = 0x05
/** A tree of the largest file has fewer levels. */
const maxDepth = 20

interface Database {
  /** bytes of a page that hold something; the rest is reserved */
  readonly usableBytes: number
  page(number: number, into?: Uint8Array): DataView
  /** for rows that do not fit into a page, and for the pages that they go on in */
  readonly row: (length: number) => Uint8Array
  readonly overflow: Uint8Array
  readonly allow: (length: number) => void
  /** pages of trees seen so far: one that is reached twice makes a loop */
  readonly seen: Set<number>
}

interface Payload {
  readonly view: DataView
  /** of the part of the row in this page */
  readonly offset: number
  /** of the whole row */
  readonly length: number
}

/**
 * First blob of each row of a table, in the order of its key; each is good until the next. A program that opened the file with SQLite would leave
 * files beside it or miss the log, and would run whatever views and triggers somebody wrote into it.
 * https://sqlite.org/fileformat2.html
 *
 * @param wal the write-ahead log beside it, undefined where there is none
 * @throws MalformedBytes where the bytes are no database, or not that table's
 */
export function* sqliteBlobs(source: ByteSource, table: string, wal?: ByteSource): Generator<Uint8Array> {
  const database = openDatabase(source, wal)
  let root: number | undefined
  for (const row of rowsOf(database, 1, 0)) {
    const [type, name, , page] = columnsOf(row)
    if (textOf(type) === 'table' && textOf(name) === table) root = integerOf(page)
  }
  if (root === undefined) throw new MalformedBytes('the table is not there')
  for (const row of rowsOf(database, root, 0)) {
    const blob = columnsOf(row).find(({ serial }) => serial >= 12 && serial % 2 === 0)
    if (!blob) throw new MalformedBytes('a row has no blob')
    yield blob.bytes
  }
}

function openDatabase(source: ByteSource, wal: ByteSource | undefined): Database {
  const header = pieceOf(source, 0, headerBytes)
  if (latin(slice(header, 0, magic.length)) !== magic) throw new MalformedBytes('is no file of SQLite')
  const written = header.getUint16(16)
  const pageBytes = written === 1 ? 65_536 : written
  const usableBytes = pageBytes - header.getUint8(20)
  const isPowerOfTwo = (pageBytes & (pageBytes - 1)) === 0
  if (pageBytes < 512 || !isPowerOfTwo || usableBytes < 480) throw new MalformedBytes('has a page size that cannot be')
  const logged = wal ? parseSqliteWal(wal, pageBytes) : new Map<number, number>()
  return {
    usableBytes,
    page: (number, into) => {
      const offset = logged.get(number)
      if (wal && offset !== undefined) return pieceOf(wal, offset, pageBytes, into)
      if (number < 1) throw new MalformedBytes('a page number leads nowhere')
      return pieceOf(source, (number - 1) * pageBytes, pageBytes, into)
    },
    row: createScratch(),
    overflow: new Uint8Array(pageBytes),
    allow: createAllowance(source.sizeBytes + (wal?.sizeBytes ?? 0)),
    seen: new Set(),
  }
}

function* rowsOf(database: Database, number: number, depth: number): Generator<Uint8Array> {
  if (depth > maxDepth || database.seen.has(number)) throw new MalformedBytes(`page ${number} makes a loop`)
  database.seen.add(number)
  const view = database.page(number)
  const head = number === 1 ? headerBytes : 0
  const type = view.getUint8(head)
  if (type !== leafPage && type !== interiorPage) throw new MalformedBytes(`page ${number} is not one of a table`)
  const pointers = head + (type === leafPage ? 8 : 12)
  const cells = view.getUint16(head + 3)
  if (pointers + cells * 2 > database.usableBytes) throw new MalformedBytes(`page ${number} has too many cells`)
  for (let cell = 0; cell < cells; cell += 1) {
    const at = view.getUint16(pointers + cell * 2)
    if (type === leafPage) yield payloadOf(database, cellOf(view, at))
    else yield* rowsOf(database, numberAt(view, at), depth + 1)
  }
  if (type === interiorPage) yield* rowsOf(database, view.getUint32(head + 8), depth + 1)
}

/** A cell of a leaf: length of the row, its key, and the row or the first part of it. */
function cellOf(view: DataView, at: number): Payload {
  const [length, afterLength] = varint(view, at)
  const [, offset] = varint(view, afterLength)
  return { view, offset, length }
}

/** The whole row: what does not fit into its page goes on in a chain of others. */
function payloadOf(database: Database, { view, offset, length }: Payload): Uint8Array {
  if (length > maxBlobBytes) throw new MalformedBytes('a row is too long')
  database.allow(length)
  const inPage = bytesInPage(length, database.usableBytes)
  if (inPage === length) return slice(view, offset, length)
  const payload = database.row(length)
  payload.set(slice(view, offset, inPage))
  let next = numberAt(view, offset + inPage)
  for (let filled = inPage; filled < length; ) {
    const page = database.page(next, database.overflow)
    const part = Math.min(length - filled, database.usableBytes - 4)
    payload.set(slice(page, 4, part), filled)
    filled += part
    next = page.getUint32(0)
  }
  return payload
}

function bytesInPage(length: number, usableBytes: number): number {
  if (length <= usableBytes - 35) return length
  const least = Math.floor(((usableBytes - 12) * 32) / 255) - 23
  const fitting = least + ((length - least) % (usableBytes - 4))
  return fitting <= usableBytes - 35 ? fitting : least
}

interface Column {
  /** type and length in one, as SQLite writes them */
  readonly serial: number
  readonly bytes: Uint8Array
}

function columnsOf(row: Uint8Array): readonly Column[] {
  const view = viewOf(row)
  const [headEnd, first] = varint(view, 0)
  const columns: Column[] = []
  let offset = headEnd
  for (let at = first; at < headEnd; ) {
    const [serial, next] = varint(view, at)
    const length = lengthOf(serial)
    columns.push({ serial, bytes: slice(view, offset, length) })
    offset += length
    at = next
  }
  return columns
}

function lengthOf(serial: number): number {
  if (serial >= 12) return Math.floor((serial - 12) / 2)
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][serial] ?? 0
}

function textOf(column: Column | undefined): string | undefined {
  return column && column.serial >= 13 && column.serial % 2 === 1 ? latin(column.bytes) : undefined
}

function integerOf(column: Column | undefined): number | undefined {
  if (!column || column.serial > 9) return undefined
  if (column.serial === 9) return 1
  return column.bytes.reduce((value, byte) => value * 256 + byte, 0)
}

/** A number of one to nine bytes, seven bits each; and the offset behind it. Those past 2⁵³ are too long for anything. */
function varint(view: DataView, start: number): readonly [number, number] {
  let value = 0
  for (let length = 1; length <= 9; length += 1) {
    const at = start + length - 1
    if (at >= view.byteLength) throw new MalformedBytes('a number leads too far')
    const byte = view.getUint8(at)
    if (length === 9) return [value * 256 + byte, at + 1]
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return [value, at + 1]
  }
  return [value, start + 9]
}

function numberAt(view: DataView, at: number): number {
  if (at + 4 > view.byteLength) throw new MalformedBytes('a page number leads too far')
  return view.getUint32(at)
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 200))
}
