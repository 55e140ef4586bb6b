// Walks of real directories: what is found, what is left alone, what the second walk need not read, and when it ends.
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openMounts } from '../../../../agent/host/mounts.ts'
import { turns, type WalkOptions, type WalkOutcome, walkFiles } from '../../../../agent/host/walk/file-walk.ts'
import { openCapabilityReader } from '../../../../agent/host/walk/read-capability.ts'
import { packMemory, unpackMemory } from '../../../../agent/host/walk/walk-record.ts'
import { type FixtureHost, rootFrom } from '../../../host-from.ts'
import { findTool } from '../../../tools.ts'

const isRoot = process.getuid?.() === 0
const needsRoot = isRoot ? false : 'needs root to give files owners and mounts'
const readCapability = await openCapabilityReader()

function walk(root: string, more: Partial<WalkOptions> = {}): WalkOutcome {
  return walkFiles({
    root,
    mounts: openMounts(root),
    starts: [{ path: '/', fsType: 'directory' }],
    memory: new Map(),
    turn: 1,
    maxEntries: 1_000_000,
    isOver: () => false,
    // Later than any change that the test makes, so that nothing counts as changed just now.
    now: () => Date.now() + 60_000,
    readCapability,
    isKnownUid: uid => uid === 0 || uid === process.getuid?.(),
    isKnownGid: gid => gid === 0 || gid === process.getgid?.(),
    ...more,
  })
}

/** What was found, as `MODE PATH`, with a mark on what nobody owns. */
const found = (outcome: WalkOutcome) =>
  outcome.found.map(({ path, mode, unowned }) => `${mode.toString(8)} ${path}${unowned ? ' unowned' : ''}`)

function treeOf(t: Test, files: FixtureHost['files'], modes: Readonly<Record<string, number>> = {}): string {
  const root = rootFrom(t, files)
  for (const [path, mode] of Object.entries(modes)) chmodSync(root + path, mode)
  return root
}

t.test(
  'set-id files, world-writable files and directories without the sticky bit are found, links are not',
  async t => {
    const root = treeOf(
      t,
      {
        '/usr/bin/su': 'x',
        '/usr/bin/wall': 'x',
        '/usr/bin/ls': 'x',
        '/var/open': 'x',
        '/var/drop/x': 'x',
        '/tmp/x': 'x',
        '/etc/link': { symlink: '/usr/bin/su' },
        '/etc/pipe': { fifo: true },
      },
      { '/usr/bin/su': 0o4755, '/usr/bin/wall': 0o2755, '/var/open': 0o666, '/var/drop': 0o777, '/tmp': 0o1777 },
    )
    chmodSync(join(root, 'etc/pipe'), 0o666)
    const outcome = walk(root)
    t.same(found(outcome), ['4755 /usr/bin/su', '2755 /usr/bin/wall', '777 /var/drop', '666 /var/open'])
    t.match(outcome, { complete: true, directories: 7, entries: 15, reused: 0, unreadable: { count: 0 } })
  },
)

t.test('a link never leads out, and what is mounted elsewhere is not entered', { skip: needsRoot }, async t => {
  const outside = treeOf(t, { '/su': 'x' }, { '/su': 0o4755 })
  const root = treeOf(t, { '/in/x': 'x', '/out': { symlink: outside }, '/mnt/tmp': { directory: true } })
  execFileSync('mount', ['-t', 'tmpfs', 'none', join(root, 'mnt/tmp')])
  t.teardown(() => execFileSync('umount', [join(root, 'mnt/tmp')]))
  writeFileSync(join(root, 'mnt/tmp/su'), '')
  chmodSync(join(root, 'mnt/tmp/su'), 0o4755)
  t.same(found(walk(root)), [])
  const both = walk(root, { starts: ['/', '/mnt/tmp'].map(path => ({ path, fsType: 'tmpfs' })) })
  t.same(found(both), ['4755 /mnt/tmp/su'], 'unless it is walked for itself')
  t.same(both.fileSystems, ['/', '/mnt/tmp'])
})

t.test('of a tree that nobody owns only the top is told, and what differs in it', { skip: needsRoot }, async t => {
  const root = treeOf(t, { '/home/gone/a': '', '/home/gone/b/c': '', '/etc/x': '' })
  for (const path of ['', '/a', '/b', '/b/c']) chownSync(`${root}/home/gone${path}`, 4711, 4711)
  chownSync(join(root, 'home/gone/a'), 4712, 0)
  t.same(found(walk(root)), ['755 /home/gone unowned', '644 /home/gone/a unowned'])
})

t.test('layers of containers and pseudo file systems are passed over', async t => {
  const skipped = [
    '/proc/x',
    '/var/lib/docker/overlay2/x',
    '/var/lib/kubelet/pods/x',
    '/home/a/.local/share/containers/x',
  ]
  const paths = [...skipped, '/var/lib/kubelet/x', '/home/a/.local/share/x']
  const root = treeOf(
    t,
    Object.fromEntries(paths.map(path => [path, 'x'])),
    Object.fromEntries(paths.map(path => [path, 0o4755])),
  )
  t.same(found(walk(root)), ['4755 /home/a/.local/share/x', '4755 /var/lib/kubelet/x'])
})

t.test('names of any bytes are found by their bytes', async t => {
  const name = 'a\udcff\udc80"\n\u001b'
  const root = rootFrom(t, { [`/d${name}/f${name}`]: 'x' })
  execFileSync('chmod', ['-R', 'a+w', root])
  const paths = walk(root).found.map(({ path }) => path)
  t.same(paths, ['/', `/d${name}`, `/d${name}/f${name}`])
})

/** Old enough that a change now has another time. */
function settle(root: string, ...paths: readonly string[]): void {
  const then = new Date(Date.now() - 3_600_000)
  for (const path of paths) utimesSync(join(root, path), then, then)
}

const files = { '/usr/bin/su': 'x', '/opt/app/run': 'x', '/opt/app/lib/a': 'x', '/opt/app/lib/b': 'x', '/srv/x': 'x' }
const modes = { '/usr/bin/su': 0o4755, '/opt/app/run': 0o4755 }

/** A turn in which the most directories are known from before: none of them is due. */
function quietTurn(root: string): number {
  const all = { isKnownUid: () => true, isKnownGid: () => true }
  const { memory } = walk(root, all)
  const reused = Array.from({ length: turns }, (_, turn) => walk(root, { ...all, memory, turn }).reused)
  return reused.indexOf(Math.max(...reused))
}

t.test('an unchanged directory is not read again, except those of programs', async t => {
  const root = treeOf(t, files, modes)
  const first = walk(root)
  const turn = quietTurn(root)
  const second = walk(root, { memory: first.memory, turn })
  t.same(found(second), found(first))
  t.match(second, { entries: first.entries, directories: first.directories, reused: first.directories - 1 })
})

t.test('what came, went, was renamed or changed its mode is seen', async t => {
  const root = treeOf(t, files, modes)
  settle(root, 'opt', 'opt/app', 'opt/app/lib', 'srv', 'usr', '.')
  const turn = quietTurn(root)
  let { memory } = walk(root)
  const again = () => {
    const outcome = walk(root, { memory, turn })
    memory = outcome.memory
    return found(outcome)
  }
  writeFileSync(join(root, 'srv/new'), '')
  chmodSync(join(root, 'srv/new'), 0o2755)
  t.same(again(), ['4755 /opt/app/run', '2755 /srv/new', '4755 /usr/bin/su'], 'a new file')
  chmodSync(join(root, 'opt/app/run'), 0o755)
  t.same(again(), ['2755 /srv/new', '4755 /usr/bin/su'], 'the bit was taken away')
  rmSync(join(root, 'srv/new'))
  t.same(again(), ['4755 /usr/bin/su'], 'a file that is gone')
  chmodSync(join(root, 'usr/bin/su'), 0o6755)
  t.same(again(), ['6755 /usr/bin/su'], 'a chmod among programs')
  renameSync(join(root, 'opt/app'), join(root, 'opt/other'))
  chmodSync(join(root, 'opt/other/run'), 0o4755)
  t.same(again(), ['4755 /opt/other/run', '6755 /usr/bin/su'], 'a directory under another name')
  mkdirSync(join(root, 'opt/app'))
  chmodSync(join(root, 'opt/app'), 0o777)
  t.same(again(), ['777 /opt/app', '4755 /opt/other/run', '6755 /usr/bin/su'], 'a directory in its old place')
})

t.test('a chmod elsewhere is seen within as many walks as there are turns', async t => {
  const root = treeOf(t, files, modes)
  const { memory } = walk(root)
  chmodSync(join(root, 'opt/app/lib/a'), 0o4755)
  const seen = Array.from({ length: turns }, (_, turn) => found(walk(root, { memory, turn })).length)
  t.same(
    [...seen].sort(),
    [...Array.from({ length: turns - 1 }, () => 2), 3],
    'in exactly one of them, as nothing else tells of it',
  )
})

t.test('a directory that changed a moment ago is read again', async t => {
  const root = treeOf(t, files, modes)
  const turn = quietTurn(root)
  const { memory } = walk(root, { now: Date.now })
  t.equal(walk(root, { memory, turn }).reused, 0, 'a second change in the same moment would not show')
})

t.test(
  'when users are deleted, what was theirs is found in unchanged directories too',
  { skip: needsRoot },
  async t => {
    const root = treeOf(t, files, modes)
    chownSync(join(root, 'opt/app/lib/a'), 1000, 0)
    const first = walk(root, { isKnownUid: () => true })
    t.same(found(first), ['4755 /opt/app/run', '4755 /usr/bin/su'])
    const second = walk(root, { memory: first.memory, turn: quietTurn(root) })
    t.same(found(second), ['644 /opt/app/lib/a unowned', '4755 /opt/app/run', '4755 /usr/bin/su'])
  },
)

t.test('what is remembered survives being written and read', async t => {
  const { memory } = walk(treeOf(t, files, modes))
  const packages = { stamp: 's', names: new Map([['/usr/bin/su', 'login']]) }
  t.same(unpackMemory(packMemory({ directories: memory, packages })), { directories: memory, packages })
  t.equal(unpackMemory(new Uint8Array()).directories.size, 0)
  t.throws(() => unpackMemory(Uint8Array.of(1, 2, 3)))
})

t.test('a walk ends when its time is over or it has passed enough entries, and goes on from there', async t => {
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`/d${index % 30}/f${index}`, '']))
  const root = treeOf(t, { ...many, '/z/su': '' }, { '/z/su': 0o4755 })
  const limited = walk(root, { maxEntries: 1_000 })
  t.equal(limited.complete, false)
  t.ok(limited.entries >= 1_000 && limited.entries < 1_200, `${limited.entries} entries`)
  let asked = 0
  const late = walk(root, {
    isOver: () => {
      asked += 1
      return asked > 2
    },
  })
  t.equal(late.complete, false)
  t.ok(late.entries < 2_000, `${late.entries} entries`)
  const rest = walk(root, { memory: limited.memory, turn: 1 })
  t.equal(rest.complete, true)
  t.equal(rest.entries, walk(root).entries)
  t.ok(rest.reused > 0 && rest.reused < 31, `${rest.reused} of 32 directories were known from the walk that was cut`)
})

t.test('a directory deeper than a path may be ends the walk of it, not the walk', async t => {
  const root = rootFrom(t, { [`/${'d/'.repeat(200)}f`]: '', '/su': '' })
  chmodSync(join(root, 'su'), 0o4755)
  const outcome = walk(root)
  t.same(found(outcome), ['4755 /su'])
  t.match(outcome.unreadable, { count: 1, detail: 'deeper than 128 directories' })
})

const noSetcap = findTool('setcap') && isRoot && readCapability ? false : 'needs setcap, root and @napi-rs/xattr'

t.test('capabilities are those that getcap -r prints', { skip: noSetcap }, async t => {
  const names = ['/bin/ping', '/sbin/x', '/opt/a b', '/opt/data']
  const root = treeOf(
    t,
    Object.fromEntries(names.map(name => [name, 'x'])),
    Object.fromEntries(names.map(name => [name, 0o755])),
  )
  execFileSync('setcap', ['cap_net_raw=ep', join(root, 'bin/ping')])
  execFileSync('setcap', ['cap_dac_read_search,cap_net_admin=p', join(root, 'opt/a b')])
  const outcome = walk(root)
  const printed = execFileSync('getcap', ['-r', root], { encoding: 'utf8' })
  const paths = printed
    .split('\n')
    .filter(Boolean)
    .map(line => line.slice(root.length).replace(/ cap_\S+$/, ''))
  t.same(
    outcome.found.map(({ path }) => path),
    paths.sort(),
  )
  t.ok(outcome.found.every(({ capability }) => /^0[01]000002/.test(capability)))
  execFileSync('setcap', ['-r', join(root, 'opt/a b')])
  const second = walk(root, { memory: outcome.memory, turn: quietTurn(root) })
  t.same(
    second.found.map(({ path }) => path),
    ['/bin/ping'],
    'and are looked at again',
  )
})
