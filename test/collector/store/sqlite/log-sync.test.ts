// Tests of putting a log on the disk: whoever waits is told after a sync that began after they asked.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createLogSync } from '../../../../collector/store/sqlite/log-sync.ts'
import { openSqliteStore } from '../../../../collector/store/sqlite/open-store.ts'
import { systemClock } from '../../../../runtime/clock.ts'

/** A disk that syncs when it is told to. */
function slowDisk() {
  const waiting: PromiseWithResolvers<void>[] = []
  return {
    begun: () => waiting.length,
    sync: () => {
      const one = Promise.withResolvers<void>()
      waiting.push(one)
      return one.promise
    },
    async end(error?: Error) {
      const one = waiting.shift()
      if (error) one?.reject(error)
      else one?.resolve()
      await new Promise(setImmediate)
    },
  }
}

function fileIn(t: Pick<Test, 'testdir'>): string {
  const path = join(t.testdir({}), 'log')
  writeFileSync(path, '')
  return path
}

t.test('those who ask together share a sync; who asks during one waits for the next', async t => {
  const disk = slowDisk()
  const log = createLogSync(fileIn(t), disk.sync)
  const told: string[] = []
  const ask = (name: string) => void log.synced().then(() => told.push(name))
  ask('a')
  ask('b')
  await new Promise(setImmediate)
  t.equal(disk.begun(), 1)
  ask('c')
  ask('d')
  await new Promise(setImmediate)
  t.equal(disk.begun(), 1, 'one at a time')
  await disk.end()
  t.same(told, ['a', 'b'])
  t.equal(disk.begun(), 1, 'the next has begun')
  await disk.end()
  t.same(told, ['a', 'b', 'c', 'd'])
  log.close()
})

t.test('after a sync that failed nothing counts as written any more', async t => {
  const disk = slowDisk()
  const path = fileIn(t)
  const log = createLogSync(path, disk.sync)
  const first = log.synced()
  const checked = t.rejects(first, {
    code: 'store',
    message: `the database cannot be reached: ${path}: cannot be synced: EIO`,
  })
  await new Promise(setImmediate)
  await disk.end(new Error('EIO'))
  await checked
  await t.rejects(log.synced(), { message: /EIO/ })
  t.equal(disk.begun(), 0, 'it is not even tried')
  log.close()
})

t.test('a log that is not there cannot be synced', async t => {
  const log = createLogSync(join(t.testdir({}), 'nothing'))
  await t.rejects(log.synced(), { message: /ENOENT/ })
})

t.test('a store says that something is written when it is on the disk, and not before', async t => {
  const disk = slowDisk()
  const store = await openSqliteStore(join(t.testdir({}), 'collector.db'), systemClock, { sync: disk.sync })
  let isWritten = false
  const written = store
    .write(async transaction => transaction.touchHosts(new Map()))
    .then(() => {
      isWritten = true
    })
  while (disk.begun() === 0) await new Promise(setImmediate)
  t.equal(isWritten, false)
  await disk.end()
  await written
  t.equal(isWritten, true)
  const refused = t.rejects(
    store.write(async () => undefined),
    { code: 'store' },
  )
  while (disk.begun() === 0) await new Promise(setImmediate)
  await disk.end(new Error('EIO'))
  await refused
  await t.rejects(store.ping(), { message: /EIO/ }, 'whoever asks whether it is ready is told')
  await store.close()
})
