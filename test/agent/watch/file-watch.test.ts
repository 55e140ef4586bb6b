// File watches on a real directory: what is written, replaced, made later or lost by inotify is told.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { watchFiles } from '../../../agent/watch/file-watch.ts'
import { silentLog } from '../../../runtime/log.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'

async function watching(t: Test, paths: readonly string[], slowdown = () => 1) {
  const root = t.testdir({ etc: { passwd: 'root', 'modprobe.d': { 'a.conf': '' } } })
  const clock = createFakeClock()
  const stop = new AbortController()
  const changes: string[] = []
  let wake: () => void = () => undefined
  const host = await openHost({ root })
  const onChange = (path: string) => {
    changes.push(path)
    wake()
  }
  const watch = await watchFiles({ host, clock, log: silentLog, paths, onChange, slowdown }, stop.signal)
  const alive = setInterval(() => undefined, 1_000)
  t.teardown(() => {
    clearInterval(alive)
    stop.abort()
    return watch.ended
  })
  const next = () =>
    new Promise<void>(resolve => {
      wake = resolve
    })
  return { root, clock, changes, next, watch }
}

t.test('a file replaced by rename is told under its own path', async t => {
  const { root, changes, next } = await watching(t, ['/etc/passwd'])
  const told = next()
  writeFileSync(join(root, 'etc/passwd+'), 'root\nalice')
  renameSync(join(root, 'etc/passwd+'), join(root, 'etc/passwd'))
  await told
  t.same([...new Set(changes)], ['/etc/passwd'])
})

t.test('a new file in a watched directory is told', async t => {
  const { root, changes, next } = await watching(t, ['/etc/modprobe.d'])
  const told = next()
  writeFileSync(join(root, 'etc/modprobe.d/b.conf'), 'blacklist x')
  await told
  t.same([...new Set(changes)], ['/etc/modprobe.d'])
})

t.test('the stat sweep finds what no watch could tell, once', async t => {
  const { root, clock, changes } = await watching(t, ['/etc/late/deep'])
  mkdirSync(join(root, 'etc/late/deep'), { recursive: true })
  await clock.advance(60_000)
  while (clock.sleepers.length === 0) await settle()
  t.same(changes, ['/etc/late/deep'])
  await clock.advance(60_000)
  while (clock.sleepers.length === 0) await settle()
  t.same(changes, ['/etc/late/deep'])
  rmSync(join(root, 'etc/late'), { recursive: true })
  await clock.advance(60_000)
  while (clock.sleepers.length === 0) await settle()
  t.ok(changes.length >= 2, 'and what went')
})

t.test('counts what the kernel watches, and what only the sweep found', async t => {
  const { root, clock, changes, next, watch } = await watching(t, ['/etc/passwd', '/etc/late/deep'])
  t.same(watch.counts, { directories: 1, refused: 0, misses: 0 })
  const told = next()
  writeFileSync(join(root, 'etc/passwd'), 'root\nalice')
  await told
  mkdirSync(join(root, 'etc/late/deep'), { recursive: true })
  await clock.advance(60_000)
  while (clock.sleepers.length === 0) await settle()
  t.ok(changes.includes('/etc/late/deep'))
  t.match(watch.counts, { refused: 0, misses: 1 })
  await clock.advance(60_000)
  while (clock.sleepers.length === 0) await settle()
  t.equal(watch.counts.misses, 1)
})

t.test('files of one directory take one watch of the kernel', async t => {
  const { watch } = await watching(t, ['/etc/passwd', '/etc/group', '/etc/late/deep'])
  t.equal(watch.counts.directories, 1)
})

t.test('sweeps less often when it is told to', async t => {
  const { root, clock, changes } = await watching(t, ['/etc/late/deep'], () => 3)
  mkdirSync(join(root, 'etc/late/deep'), { recursive: true })
  await clock.advance(179_999)
  t.same(changes, [])
  await clock.advance(1)
  while (clock.sleepers.length === 0) await settle()
  t.same(changes, ['/etc/late/deep'])
})
