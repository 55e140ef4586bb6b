// Tests of reading inside a root while another process changes what is read.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { rootFrom } from '../../host-from.ts'
import { textOrState } from './text-or-state.ts'

t.test('a file that grows while it is read stays within the limit', async t => {
  const root = rootFrom(t, { '/log': 'x'.repeat(1000) })
  const host = await openHost({ root })
  const writer = flipper(
    t,
    `
    const fs = require('fs'); const fd = fs.openSync(process.argv[1], 'a'); const chunk = 'y'.repeat(65536)
    process.send('ready'); setInterval(() => { for (let i = 0; i < 20; i++) fs.writeSync(fd, chunk); fs.ftruncateSync(fd, 1000) }, 0)
  `,
    [join(root, 'log')],
  )
  await once(writer, 'message')
  const states = new Set<string>()
  let longest = 0
  for (let round = 0; round < 300; round += 1) {
    const outcome = await host.readText('/log', { maxBytes: 100_000 })
    states.add(outcome.state)
    if (outcome.state === 'present') longest = Math.max(longest, outcome.value.length)
  }
  t.ok(longest <= 100_000, `${longest} characters`)
  t.ok(states.size > 0 && [...states].every(state => state === 'present' || state === 'tooLarge'), [...states].join())
})

t.test('a directory that is swapped for a link does not lead out', async t => {
  const root = rootFrom(t, { '/outer/root/a/b/file': 'inside', '/outer/secret/b/file': 'outside' })
  const host = await openHost({ root: join(root, 'outer', 'root') })
  symlinkSync('../secret', join(root, 'outer/root/evil'))
  const swapper = flipper(
    t,
    `
    const fs = require('fs'); process.chdir(process.argv[1]); process.send('ready')
    setInterval(() => { for (let i = 0; i < 50; i++) {
      fs.renameSync('a', 'kept'); fs.renameSync('evil', 'a'); fs.renameSync('a', 'evil'); fs.renameSync('kept', 'a')
      fs.renameSync('a/b', 'a/c'); fs.symlinkSync('../../secret/b', 'a/b'); fs.unlinkSync('a/b'); fs.renameSync('a/c', 'a/b')
    } }, 0)
  `,
    [join(root, 'outer/root')],
  )
  await once(swapper, 'message')
  const seen = new Map<string, number>()
  for (let round = 0; round < 20_000; round += 1) {
    const outcome = await host.readText('/a/b/file')
    const key = outcome.state === 'present' ? outcome.value : outcome.state
    seen.set(key, (seen.get(key) ?? 0) + 1)
  }
  t.equal(seen.get('outside'), undefined, 'what lies outside was never read')
  t.ok((seen.get('inside') ?? 0) > 0, 'what lies inside was read')
  t.ok((seen.get('absent') ?? 0) > 0, 'the swaps were met')
})

t.test('a file that is swapped for a FIFO or a link is not waited for', async t => {
  const root = rootFrom(t, { '/in/file': 'inside', '/secret': 'outside', '/in/fifo': { fifo: true } })
  symlinkSync('../secret', join(root, 'in/evil'))
  const host = await openHost({ root: join(root, 'in') })
  const swapper = flipper(
    t,
    `
    const fs = require('fs'); process.chdir(process.argv[1]); process.send('ready')
    setInterval(() => { for (let i = 0; i < 50; i++) for (const other of ['fifo', 'evil']) {
      fs.renameSync('file', 'kept'); fs.renameSync(other, 'file'); fs.renameSync('file', other); fs.renameSync('kept', 'file')
    } }, 0)
  `,
    [join(root, 'in')],
  )
  await once(swapper, 'message')
  const seen = new Set<string>()
  for (let round = 0; round < 20_000; round += 1) seen.add(await textOrState(host, '/file'))
  t.ok(seen.delete('inside'), 'the file was read')
  const failures = ['absent', 'notRegular', 'unreadable']
  t.same(
    [...seen].filter(answer => !failures.includes(answer)),
    [],
    'nothing else was',
  )
})

function flipper(t: Pick<typeof import('tap').t, 'teardown'>, script: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['-e', script, ...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return child
}
