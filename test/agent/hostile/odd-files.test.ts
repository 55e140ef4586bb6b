// The same odd thing in place of every file that any probe reads, all at once: the sweep ends, no probe fails, nothing
// outside the root is read, and no facet passes off as complete what it could not read.
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Host } from '../../../agent/host/host.ts'
import { openHost } from '../../../agent/host/open-host.ts'
import { probes } from '../../../agent/probes.generated.ts'
import { materializeFixture } from '../../materialize-fixture.ts'
import { recordingHost } from '../../recording-host.ts'
import { canary } from './mutations.ts'
import { failed, sweepAll } from './sweep-all.ts'

t.setTimeout(120_000)
const isRoot = process.getuid?.() === 0

/** Puts something at a path where a file was. `outside` is a file beside the root. */
const oddities: Readonly<Record<string, (path: string, outside: string, root: string) => void>> = {
  'a directory': path => mkdirSync(path),
  'a dangling link': path => symlinkSync('/nowhere/at/all', path),
  'a link to itself': path => symlinkSync(path.slice(path.lastIndexOf('/') + 1), path),
  'a link through the root and out of it': (path, outside) => symlinkSync(`../../../../../../../..${outside}`, path),
  'a link to the device that never ends': path => symlinkSync('/dev/zero', path),
  'a FIFO': path => execFileSync('mkfifo', [path]),
  'an empty file': path => writeFileSync(path, ''),
  'bytes of every value': path =>
    writeFileSync(path, Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7) % 256))),
  'one line of a megabyte': path => writeFileSync(path, 'a=:,{['.repeat(150_000)),
}
/** Directories whose subdirectories count. */
const descended = ['/etc/apparmor.d', '/etc/apparmor.d/tunables', '/var/lib/kubelet/seccomp', '/etc/systemd/system']

for (const fixture of ['debian12-vm', 'kubeadm-control-plane']) {
  t.test(`on ${fixture}`, async t => {
    for (const [what, put] of Object.entries(oddities)) {
      t.test(`${what} in place of every file`, async t => {
        const { root, outside, files } = await prepared(t, fixture)
        for (const path of files) {
          const target = join(root, path)
          rmSync(target)
          mkdirSync(dirname(target), { recursive: true })
          put(target, outside, root)
        }
        const states = await sweepAll(await openHost({ root }))
        t.equal(states.size, probes.length)
        t.same(failed(states), [])
        t.notMatch(JSON.stringify([...states.values()]), canary, 'nothing outside the root was read')
        t.end()
      })
    }

    t.test('a tree of a thousand levels, with loops, in directories that are descended into', async t => {
      const { root } = await prepared(t, fixture)
      for (const path of descended) {
        const top = join(root, path, 'deep.d')
        mkdirSync(top + '/d'.repeat(1000), { recursive: true })
        symlinkSync('.', join(top, 'again.d'))
        symlinkSync('../..', join(top, 'd/back.d'))
      }
      const host = await openHost({ root })
      let lists = 0
      const counting: Host['list'] = (path, limits) => {
        lists += 1
        return host.list(path, limits)
      }
      const states = await sweepAll({ ...host, list: counting })
      t.same(failed(states), [])
      t.equal(states.size, probes.length)
      t.ok(lists < 2_000, `${lists} directories were listed`)
    })

    t.test('a device in place of every file', { skip: !isRoot && 'needs root to make devices' }, async t => {
      const { root, files } = await prepared(t, fixture)
      for (const path of files) {
        rmSync(join(root, path))
        // /dev/zero: whoever reads it reads for ever
        execFileSync('mknod', [join(root, path), 'c', '1', '5'])
      }
      const states = await sweepAll(await openHost({ root }))
      t.same(failed(states), [])
      t.equal(states.size, probes.length)
    })
  })
}

interface TearDown {
  teardown(handler: () => void): unknown
}

/** A copy of a fixture host, a secret beside it, and the regular files that the probes read of it. */
async function prepared(t: TearDown, fixture: string) {
  const root = materializeFixture(t, fixture)
  const aside = mkdtempSync(join(tmpdir(), 'gabion-outside-'))
  t.teardown(() => rmSync(aside, { recursive: true, force: true }))
  const outside = join(aside, 'secret')
  writeFileSync(outside, `${canary}\n`)
  const asked = new Set<string>()
  const host: Host = await openHost({ root })
  await sweepAll(recordingHost(host, asked))
  const files = new Set<string>()
  for (const path of asked) {
    const real = await host.realPath(path)
    if (real.state !== 'present' || /^\/(?:proc|sys)\//.test(real.value)) continue
    if (lstatSync(join(root, real.value)).isFile()) files.add(real.value)
  }
  return { root, outside, files: [...files].sort() }
}
