// Tests of the reader of Berkeley DB's hashes, held against what rpm prints of the same files.
import { deepEqual, throws } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { bdbBlobs } from '../../../agent/parse/bdb-blobs.ts'
import { MalformedBytes } from '../../../agent/parse/byte-source.ts'
import { parseRpmHeader } from '../../../agent/parse/rpm-header.ts'
import { sourceOf } from '../../byte-source.ts'

const directory = join(import.meta.dirname, '../../fixtures/rpm')
const listed = readFileSync(join(directory, 'rpm-qa.tsv'), 'utf8').split('\n').filter(Boolean)
const small = readFileSync(join(directory, 'Packages'))

function rowsIn(bytes: Uint8Array): readonly string[] {
  return Array.from(bdbBlobs(sourceOf(bytes)), blob => {
    const row = parseRpmHeader(blob)
    if (!row) return 'no header'
    const { name, epoch, version, architecture, sourceRpm, installedAt } = row
    return [name, epoch, version, architecture || '(none)', sourceRpm || '(none)', installedAt].join('\t')
  })
}

for (const file of ['Packages', 'Packages.16k']) {
  t.test(`${file} has the packages that rpm prints`, async t => {
    t.strictSame([...rowsIn(readFileSync(join(directory, file)))].sort(), listed)
  })
}

t.test('what is no hash says why', async t => {
  const changed = (at: number, ...bytes: readonly number[]) => {
    const copy = Buffer.from(small)
    copy.set(bytes, at)
    return copy
  }
  for (const [bytes, message] of [
    [Buffer.alloc(0), 'ends within the piece at byte 0'],
    [Buffer.alloc(600), 'is no hash of Berkeley DB'],
    [changed(20, 1, 2, 3, 0), 'has a first page that cannot be'],
    [changed(24, 1), 'is encrypted'],
    [small.subarray(0, 600), 'ends within the piece at byte 4096'],
  ] as const) {
    t.throws(() => rowsIn(bytes), { message }, message)
  }
})

t.test('no prefix and no changed bytes hang it or break out', async t => {
  const answers = (bytes: Uint8Array) => {
    try {
      return rowsIn(bytes).length < 2000
    } catch (error) {
      return error instanceof MalformedBytes
    }
  }
  for (let length = 0; length < small.length; length += 501) t.ok(answers(small.subarray(0, length)))
  const place = fc.oneof(
    fc.nat(100),
    fc.nat(13).chain(page => fc.nat(60).map(at => page * 4096 + at)),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 6 }), changes => {
      const copy = Buffer.from(small)
      for (const [at, byte] of changes) copy[at] = byte
      return answers(copy)
    }),
    { numRuns: 300 },
  )
})

interface Layout {
  readonly pageBytes: number
  readonly littleEndian: boolean
  /** 2 or 13: unsorted pages are those of older versions */
  readonly hashType: number
}

/** A hash as libdb lays it out: its first page, a page per value with the key 0, and chains for what is long. */
function bdbFile({ pageBytes, littleEndian, hashType }: Layout, values: readonly Uint8Array[]): Uint8Array {
  const pages = [Buffer.alloc(pageBytes)]
  const number = (page: Buffer, at: number, value: number, bytes: 2 | 4) =>
    littleEndian ? page.writeUIntLE(value, at, bytes) : page.writeUIntBE(value, at, bytes)
  for (const value of values) {
    const page = Buffer.alloc(pageBytes)
    const isLong = value.length > pageBytes / 4
    pages.push(page)
    const entry = Buffer.alloc(isLong ? 12 : value.length + 1)
    entry[0] = isLong ? 3 : 1
    if (isLong) {
      number(entry, 4, pages.length, 4)
      number(entry, 8, value.length, 4)
      for (let from = 0; from < value.length; from += pageBytes - 26) {
        const piece = value.subarray(from, from + pageBytes - 26)
        const overflow = Buffer.alloc(pageBytes)
        overflow[25] = 7
        number(overflow, 22, piece.length, 2)
        number(overflow, 16, from + piece.length < value.length ? pages.length + 1 : 0, 4)
        overflow.set(piece, 26)
        pages.push(overflow)
      }
    } else entry.set(value, 1)
    const key = pageBytes - 5
    page[25] = hashType
    number(page, 20, 2, 2)
    // 65536 does not fit into two bytes, and no page begins its entries there.
    number(page, 26, key, 2)
    number(page, 28, key - entry.length, 2)
    page.set(entry, key - entry.length)
  }
  const [meta = Buffer.alloc(0)] = pages
  number(meta, 12, 0x061561, 4)
  number(meta, 20, pageBytes, 4)
  number(meta, 32, pages.length - 1, 4)
  meta[25] = 8
  return Buffer.concat(pages)
}

const layout = fc.record({
  pageBytes: fc.constantFrom(512, 4096, 65_536),
  littleEndian: fc.boolean(),
  hashType: fc.constantFrom(2, 13),
})
const blobsIn = (bytes: Uint8Array) => Array.from(bdbBlobs(sourceOf(bytes)), blob => Uint8Array.from(blob))

t.test('any values are read, short and in chains, in either order of bytes and pages of any size', async () => {
  const value = fc.oneof(
    fc.uint8Array({ minLength: 5, maxLength: 60 }),
    fc.integer({ min: 129, max: 3000 }).map(length => Uint8Array.from({ length }, (_, at) => (at * 7) % 251)),
  )
  fc.assert(
    fc.property(layout, fc.array(value, { maxLength: 5 }), (how, values) => {
      deepEqual(blobsIn(bdbFile(how, values)), values)
    }),
  )
})

t.test('a counter is no value, and of what cannot be the place is told', async t => {
  const how = { pageBytes: 512, littleEndian: true, hashType: 13 }
  t.strictSame(blobsIn(bdbFile(how, [Uint8Array.of(1, 2, 3, 4)])), [], 'what rpm counts with')
  const long = bdbFile(how, [new Uint8Array(700)])
  const changed = (at: number, ...bytes: readonly number[]) => {
    const copy = Uint8Array.from(long)
    copy.set(bytes, at)
    return copy
  }
  const entry = 512 + 512 - 5 - 12
  for (const [bytes, message] of [
    [changed(25, 9), 'has a first page that cannot be'],
    [changed(20, 0, 1), 'has a first page that cannot be'],
    [changed(20, 0, 0, 2), 'has a first page that cannot be'],
    [changed(512 + 20, 244), 'page 1 has too many entries'],
    [changed(512 + 26, 0xf1, 1), 'page 1 has an entry that is too short'],
    [changed(entry + 8, 1, 0, 0, 4), 'a value is too long'],
    [changed(entry + 8, 0, 0, 0, 4), 'pieces lie over each other'],
    [changed(entry + 4, 0), 'page 0 is not one of a value'],
    [changed(2 * 512 + 25, 13), 'page 2 is not one of a value'],
    [changed(2 * 512 + 22, 0, 0), 'page 2 is not one of a value'],
    [changed(2 * 512 + 16, 0), 'page 0 is not one of a value'],
    [changed(3 * 512 + 22, 215), 'page 3 is not one of a value'],
  ] as const)
    throws(() => blobsIn(bytes), { name: 'Error', message }, message)
})
