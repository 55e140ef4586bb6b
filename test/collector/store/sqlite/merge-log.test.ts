// Tests of merging the log of a SQLite file in a thread.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createMergeLog } from '../../../../collector/store/sqlite/merge-log.ts'
import { openReader, openWriter } from '../../../../collector/store/sqlite/open-database.ts'
import { oneAfterAnother } from '../../../../runtime/one-after-another.ts'

const head = 32
const frame = 4_096 + 24

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5))
}

t.test('the log is merged and begins anew while somebody writes', async t => {
  const path = join(t.testdir({}), 'x.db')
  const handle = openWriter(path)
  handle.exec('pragma wal_autocheckpoint = 0; create table row (text text)')
  let nowMs = 0
  const exclusively = oneAfterAnother()
  const merging = createMergeLog({
    ...{ path, clock: { monotonic: () => nowMs }, exclusively },
    ...{ worthBytes: head + 10 * frame, everyMs: 10, longPages: 50 },
  })
  const insert = handle.prepare('insert into row values (?)')
  const write = (rows: number) => {
    for (let n = 0; n < rows; n++) insert.run(['x'.repeat(4_000)])
    merging.committed()
  }
  const size = () => statSync(path).size
  const before = size()
  write(1)
  nowMs += 1_000
  write(1)
  t.equal(size(), before, 'little waits for more')
  nowMs += 1_000
  write(60)
  await until(() => size() > before + 60 * 4_000)
  await merging.close()
  const longest = statSync(`${path}-wal`).size
  handle.exec('delete from row where rowid = 1')
  t.equal(statSync(`${path}-wal`).size, longest, 'what was merged is written over')
  const salt = () => readFileSync(`${path}-wal`).subarray(16, 24).toString('hex')
  t.not(salt(), '0'.repeat(16))
  const reader = openReader(path)
  t.same(reader.prepare('select count(*) as rows from row').get([]), { rows: 61 })
  reader.close()
  handle.close()
})

t.test('nothing happens more often than it should', async t => {
  const path = join(t.testdir({}), 'x.db')
  const handle = openWriter(path)
  handle.exec('pragma wal_autocheckpoint = 0; create table row (text text)')
  let merges = 0
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    merges++
    return work()
  }
  let nowMs = 0
  const clock = { monotonic: () => nowMs }
  const merging = createMergeLog({ path, clock, exclusively, worthBytes: 0, longPages: 0, everyMs: 10 })
  const commits = async () => {
    for (let n = 0; n < 100; n++) {
      merging.committed()
      await new Promise(setImmediate)
    }
  }
  await commits()
  await until(() => merges === 1)
  nowMs += 9
  await commits()
  t.equal(merges, 1)
  nowMs += 1
  // The one before may not have ended yet.
  await until(() => {
    merging.committed()
    return merges === 2
  })
  t.equal(merges, 2)
  await merging.close()
  handle.close()
})

t.test('who writes all the time waits for the log to be merged, whatever there is in it', async t => {
  const path = join(t.testdir({}), 'x.db')
  const handle = openWriter(path)
  handle.exec('pragma wal_autocheckpoint = 0; create table row (text text)')
  const merging = createMergeLog({ path, clock: { monotonic: () => 0 }, exclusively: oneAfterAnother() })
  handle.exec("insert into row values ('a row of its own')")
  t.notOk(readFileSync(path).includes('a row of its own'))
  await merging.now()
  t.ok(readFileSync(path).includes('a row of its own'), 'it is in the file')
  await merging.close()
  await t.resolves(merging.now(), 'nobody merges any more')
  handle.close()
})

t.test('the log begins anew in the thread, which waits for the disk then: who commits next does not', async t => {
  const path = join(t.testdir({}), 'x.db')
  const handle = openWriter(path)
  handle.exec('pragma wal_autocheckpoint = 0; create table row (text text)')
  const merging = createMergeLog({
    ...{ path, clock: { monotonic: () => 0 }, exclusively: oneAfterAnother(), longPages: 3 },
  })
  const salt = () => readFileSync(`${path}-wal`).subarray(16, 20).readUInt32BE()
  const first = salt()
  for (const text of ['a', 'b', 'c']) handle.prepare('insert into row values (?)').run([text])
  const reader = openReader(path)
  reader.exec('begin')
  reader.prepare('select count(*) from row').get([])
  handle.exec("insert into row values ('d')")
  await merging.now()
  t.equal(salt(), first, 'not while somebody reads what was')
  reader.close()
  await merging.now()
  const second = salt()
  t.not(second, first)
  handle.exec("insert into row values ('e')")
  t.equal(salt(), second, 'who commits next goes on with it')
  t.same(handle.prepare('select group_concat(text) as all_of_them from row').get([]), { all_of_them: 'a,b,c,d,e' })
  await merging.close()
  handle.close()
})

t.test('a log that grew while somebody read for long is cut to its limit afterwards', async t => {
  const path = join(t.testdir({}), 'x.db')
  const handle = openWriter(path)
  handle.exec('pragma synchronous = OFF; pragma wal_autocheckpoint = 0; create table row (body blob)')
  const reader = openReader(path)
  reader.exec('begin')
  reader.prepare('select count(*) from row').get([])
  for (let count = 0; count < 70; count++) handle.exec('insert into row values (randomblob(1048576))')
  const merging = createMergeLog({ path, clock: { monotonic: () => 0 }, exclusively: oneAfterAnother() })
  await merging.now()
  const limit = 64 * 1024 * 1024
  t.ok(statSync(`${path}-wal`).size > limit, 'who reads sees what was')
  reader.close()
  await merging.now()
  handle.exec('delete from row where rowid = 1')
  t.ok(statSync(`${path}-wal`).size <= limit)
  await merging.close()
  handle.close()
})

t.test('a file that cannot be merged is left to SQLite', async t => {
  const path = join(t.testdir({ 'x.db-wal': 'x'.repeat(100) }), 'x.db')
  const reasons: string[] = []
  let nowMs = 0
  const merging = createMergeLog({
    ...{ path, clock: { monotonic: () => nowMs }, exclusively: oneAfterAnother(), worthBytes: 0, everyMs: 1 },
    onFailure: reason => reasons.push(reason),
  })
  merging.committed()
  await until(() => reasons.length === 1)
  t.match(reasons[0], /unable to open database file/)
  nowMs = 59_999
  await merging.now()
  merging.committed()
  t.equal(reasons.length, 1, 'it is left alone for a while')
  openWriter(path).close()
  nowMs = 60_000
  const handle = openWriter(path)
  handle.exec("create table row (text text); insert into row values ('a row of its own')")
  t.notOk(readFileSync(path).includes('a row of its own'))
  await merging.now()
  t.ok(readFileSync(path).includes('a row of its own'), 'and tried again')
  t.equal(reasons.length, 1)
  await t.resolves(merging.close())
  handle.close()
})
