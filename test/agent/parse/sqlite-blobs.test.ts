// Tests of the reader of SQLite files, held against SQLite itself.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import t from 'tap'
import { MalformedBytes } from '../../../agent/parse/byte-source.ts'
import { sqliteBlobs } from '../../../agent/parse/sqlite-blobs.ts'
import { parseSqliteWal } from '../../../agent/parse/sqlite-wal.ts'
import { sourceOf } from '../../byte-source.ts'

const schema = 'CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)'
const directory = mkdtempSync(join(tmpdir(), 'gabion-sqlite-'))
t.teardown(() => rmSync(directory, { recursive: true, force: true }))
let files = 0

function openDatabase(pageBytes: number) {
  files += 1
  const path = join(directory, `${files}.sqlite`)
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA synchronous = OFF`)
  return { path, database }
}

/** A file of SQLite without a log. */
function fileWith(blobs: readonly Uint8Array[], pageBytes = 4096, before = ''): Buffer {
  const { path, database } = openDatabase(pageBytes)
  database.exec(`${before};${schema}`)
  const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)')
  for (const blob of blobs) insert.run(blob)
  database.close()
  return readFileSync(path)
}

const lengthsOf = (blobs: Iterable<Uint8Array>) => [...blobs].map(blob => blob.length)
const packagesIn = (bytes: Uint8Array) => sqliteBlobs(sourceOf(bytes), 'Packages')
const filled = (length: number, seed: number) => new Uint8Array(length).map((_, index) => (index * 31 + seed) % 256)

t.test('rows of every length come back as SQLite has them, at any page size', async () => {
  const length = fc.oneof(fc.nat(5000), fc.integer({ min: 5000, max: 150_000 }))
  const rows = fc.array(length, { maxLength: 20 })
  fc.assert(
    fc.property(rows, fc.constantFrom(512, 4096, 65_536), (lengths, pageBytes) => {
      const blobs = lengths.map(filled)
      const found = Array.from(packagesIn(fileWith(blobs, pageBytes)), blob => blob.slice())
      return (
        found.length === blobs.length &&
        found.every((blob, index) => Buffer.compare(blob, blobs[index] ?? filled(0, 0)) === 0)
      )
    }),
    { numRuns: 25 },
  )
})

t.test('other tables, indexes, views and removed rows do not matter', async t => {
  const { path, database } = openDatabase(1024)
  database.exec(`CREATE TABLE Name (key TEXT, hnum INTEGER); CREATE INDEX names ON Name (key); ${schema}`)
  database.exec(
    'CREATE VIEW Endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
  )
  const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)')
  for (let index = 0; index < 500; index += 1) insert.run(filled(index * 3, index))
  database.exec('DELETE FROM Packages WHERE hnum % 3 = 0')
  const wanted = database.prepare('SELECT length(blob) AS length FROM Packages ORDER BY hnum').all()
  database.close()
  t.strictSame(
    lengthsOf(packagesIn(readFileSync(path))),
    wanted.map(row => row['length']),
  )
  t.throws(() => [...sqliteBlobs(sourceOf(readFileSync(path)), 'Endless')], { message: 'the table is not there' })
  t.throws(() => [...sqliteBlobs(sourceOf(readFileSync(path)), 'Missing')], { message: 'the table is not there' })
})

t.test('committed transactions of the log count, open and torn ones do not', async t => {
  const { path, database } = openDatabase(4096)
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${schema}`)
  const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)')
  for (let index = 0; index < 40; index += 1) insert.run(filled(index * 500, index))
  database.exec('DELETE FROM Packages WHERE hnum < 10')
  const read = () => sqliteBlobs(sourceOf(readFileSync(path)), 'Packages', sourceOf(readFileSync(`${path}-wal`)))
  t.equal(lengthsOf(read()).length, 31)
  t.throws(
    () => [...packagesIn(readFileSync(path))],
    { message: 'the table is not there' },
    'the table is only in the log',
  )
  database.exec('PRAGMA cache_size = 1; BEGIN; DELETE FROM Packages')
  for (let index = 0; index < 40; index += 1) insert.run(filled(9000, index))
  t.equal(lengthsOf(read()).length, 31, 'an open transaction')
  database.exec('ROLLBACK')
  insert.run(filled(3, 3))
  const log = readFileSync(`${path}-wal`)
  t.equal(lengthsOf(read()).length, 32)
  const end = Math.max(...parseSqliteWal(sourceOf(log), 4096).values()) + 4096
  const cut = sourceOf(log.subarray(0, end - 1))
  t.equal(lengthsOf(sqliteBlobs(sourceOf(readFileSync(path)), 'Packages', cut)).length, 31, 'a frame cut off')
  log[end - 1] = (log[end - 1] ?? 0) ^ 1
  const torn = sourceOf(log)
  t.equal(lengthsOf(sqliteBlobs(sourceOf(readFileSync(path)), 'Packages', torn)).length, 31, 'a frame half written')
  database.exec('PRAGMA wal_checkpoint(RESTART)')
  insert.run(filled(4, 4))
  t.equal(lengthsOf(read()).length, 33, 'frames of an earlier round lie behind')
  database.close()
})

t.test('what is no database says why', async t => {
  const good = fileWith([filled(10, 0)])
  const changed = (at: number, ...bytes: readonly number[]) => {
    const copy = Buffer.from(good)
    copy.set(bytes, at)
    return copy
  }
  for (const [bytes, message] of [
    [Buffer.alloc(0), 'ends within the piece at byte 0'],
    [Buffer.alloc(200), 'is no file of SQLite'],
    [changed(16, 0, 3), 'has a page size that cannot be'],
    [changed(100, 2), 'page 1 is not one of a table'],
    [changed(103, 0xff, 0xff), 'page 1 has too many cells'],
    [good.subarray(0, 4096), 'ends within the piece at byte 4096'],
  ] as const) {
    t.throws(() => [...packagesIn(bytes)], { message: message }, message)
  }
})

t.test('no prefix and no changed bytes hang it or break out', async t => {
  const good = fileWith(
    Array.from({ length: 30 }, (_, index) => filled(index * 40, index)),
    512,
  )
  const answers = (bytes: Uint8Array) => {
    try {
      return lengthsOf(packagesIn(bytes)).reduce((sum, length) => sum + length, 0) <= bytes.length
    } catch (error) {
      return error instanceof MalformedBytes
    }
  }
  for (let length = 0; length < good.length; length += 97) t.ok(answers(good.subarray(0, length)))
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), changes => {
      const copy = Buffer.from(good)
      for (const [at, byte] of changes) copy[at] = byte
      return answers(copy)
    }),
    { numRuns: 500 },
  )
})

t.test('cells that all point to one long row are not read over and over', async t => {
  const good = fileWith([filled(60_000, 1), ...Array.from({ length: 20 }, () => filled(1, 1))])
  const leaf = 4096 * (good.readUInt32BE(28) > 1 ? 1 : 0)
  const copy = Buffer.from(good)
  const cells = copy.indexOf(Buffer.of(0x0d, 0, 0, 0, 21), leaf)
  t.ok(cells >= leaf, 'the leaf with all rows')
  for (let cell = 1; cell < 21; cell += 1) copy.copy(copy, cells + 8 + cell * 2, cells + 8, cells + 10)
  t.throws(() => [...packagesIn(copy)], { message: 'pieces lie over each other' })
})
