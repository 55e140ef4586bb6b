// Tests of the files probe: the sensitive set, and walks held against find, getcap and recordings of a real machine.
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { readAccountNames } from '../../../agent/files/account-names.ts'
import { openHost } from '../../../agent/host/open-host.ts'
import { openCapabilityReader } from '../../../agent/host/walk/read-capability.ts'
import { files as probe } from '../../../agent/probes/files.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { FilesFacet } from '../../../proto/facets/files.ts'
import { fixtureCommand, fixtureRoot, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'
import { findTool } from '../../tools.ts'

const factsOf = (state: FacetState) => FilesFacet.facts.parse(presentFacts(state))
const walkFields = [
  ...['capabilityFiles', 'fileSystems', 'setIdFiles', 'unowned', 'worldWritableDirectories', 'worldWritableFiles'],
]

async function factsFrom(
  t: Parameters<typeof hostFrom>[0],
  files: FixtureHost['files'],
  modes: NonNullable<FixtureHost['modes']> = {},
  live = true,
) {
  const facts = factsOf(await runProbe(probe, await hostFrom(t, { files, modes, live }), { oneShot: true }))
  const row = (path: string) => facts.paths.find(one => one.path === path)
  const gaps = facts.gaps.filter(({ detail }) => !detail.startsWith('not walked'))
  return { ...facts, row, gapTexts: gaps.map(({ field, source, state }) => `${field} ${source} ${state}`) }
}

t.test('on the recorded machine shadow is for its group, sudoers for root, the rest for all to read', async t => {
  const state = await runProbe(probe, await openFixtureHost('debian12-vm'), { oneShot: true })
  const { paths, walk, gaps } = factsOf(state)
  const access = (path: string) => {
    const { mode, user, group, readers, writers } = paths.find(row => row.path === path) ?? {}
    return [mode, user, group, readers?.join(), writers?.join()]
  }
  t.same(access('/etc/passwd'), ['0644', 'root', 'root', 'everyone', ''])
  t.same(access('/etc/shadow'), ['0640', 'root', 'shadow', 'group shadow', ''])
  t.same(access('/etc/sudoers'), ['0440', 'root', 'root', '', ''])
  t.same(access('/etc/sudoers.d/developers'), ['0440', 'root', 'root', '', ''])
  t.match(
    paths.find(row => row.path === '/lib'),
    { target: '/usr/lib', kind: 'directory', role: 'library' },
  )
  t.equal(walk, 'notWalked')
  t.same(
    gaps.map(({ field }) => field),
    walkFields,
  )
})

t.test('every entry of cron’s and sudo’s directories has a row, and so have ssh’s private keys', async t => {
  const { row, paths } = await factsFrom(t, {
    '/etc/cron.daily/backup': '',
    '/etc/sudoers.d/alice': '',
    '/etc/sudoers.d/alice~': '',
    '/etc/ssh/ssh_host_rsa_key': '',
    '/etc/ssh/ssh_host_rsa_key.pub': '',
  })
  t.match(row('/etc/cron.daily/backup'), { role: 'cron', kind: 'file' })
  t.match(row('/etc/sudoers.d/alice'), { role: 'sudo' })
  t.match(row('/etc/ssh/ssh_host_rsa_key'), { role: 'ssh-host-key' })
  t.equal(row('/etc/sudoers.d/alice~'), undefined, 'sudo does not read it')
  t.equal(paths.filter(({ path }) => path.endsWith('.pub')).length, 0)
})

t.test('a group of many, a link that leads elsewhere and a script of a user are told', async t => {
  const { row } = await factsFrom(
    t,
    {
      '/etc/passwd': 'root:x:0:0::/:\nalice:x:1000:1000::/:\n',
      '/etc/group': 'staff:x:50:alice\n',
      '/etc/cron.d/x': { symlink: '/home/alice/x' },
      '/home/alice/x': '',
      '/usr/local/bin/y': '',
    },
    { '/': { mode: 0o755 }, '/home/alice': { uid: 1000, mode: 0o700 }, '/usr/local': { mode: 0o2775, gid: 50 } },
  )
  t.match(row('/etc/cron.d/x'), { target: '/home/alice/x', writers: ['user alice'], writableThrough: '/home/alice' })
  t.match(row('/usr/local/bin'), { writers: ['group staff'], writableThrough: '/usr/local' })
})

t.test('without names nobody is named, and what cannot be looked at is a gap', async t => {
  const { row, gapTexts } = await factsFrom(t, {
    '/etc/passwd': { fifo: true },
    '/etc/issue': { symlink: '/etc/issue' },
    '/etc/hosts': '',
  })
  t.equal(row('/etc/hosts')?.mode, '0644')
  t.equal(row('/etc/hosts')?.writers, undefined)
  t.equal(row('/etc/issue'), undefined)
  t.same(gapTexts, [
    'mounts /proc/1/mountinfo unavailable',
    'paths /etc/issue unreadable',
    ...['group', 'readers', 'user', 'writableThrough', 'writers'].map(field => `paths.${field} /etc/passwd notRegular`),
  ])
})

t.test('a directory with more entries than are looked at is a gap', async t => {
  const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`/etc/cron.d/${index}`, '']))
  const { gapTexts } = await factsFrom(t, many, {}, false)
  t.ok(gapTexts.includes('paths /etc/cron.d tooLarge'))
})

t.test('facts do not change by themselves', async t => {
  const host = await openFixtureHost('debian12-vm')
  const first = await runProbe(probe, host, { oneShot: true })
  t.equal((await runProbe(probe, host, { oneShot: true, now: new Date('2030-01-01') })).digest, first.digest)
})

const isRoot = process.getuid?.() === 0
const skip = isRoot ? false : 'needs root to give files their owners'
const hasCapabilities = (await openCapabilityReader()) !== undefined && findTool('setcap') !== undefined
const skipCapabilities = isRoot && hasCapabilities ? false : 'needs root, setcap and @napi-rs/xattr'

/** What find printed of one file. */
const printedFile = /^(?<mode>\d+) (?<user>\S+) (?<group>\S+) (?<path>\/.*)$/

interface FileLine {
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly path: string
}

/** Lines of a recorded `find -printf "%m %u %g %p\n"`, names as numbers by the machine's own files. */
async function recordedFiles(command: string): Promise<readonly FileLine[]> {
  const names = await readAccountNames(await openFixtureHost('debian12-vm'))
  if ('state' in names) throw new Error(names.detail)
  const idOf = (ids: ReadonlyMap<number, string>, name = '') => [...ids].find(([, known]) => known === name)?.[0] ?? -1
  return fixtureCommand('debian12-vm', command)
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const { mode = '', user, group, path = '' } = printedFile.exec(line)?.groups ?? {}
      return { path, mode: Number.parseInt(mode, 8), uid: idOf(names.users, user), gid: idOf(names.groups, group) }
    })
}

function put(root: string, { path, mode, uid, gid }: FileLine): void {
  mkdirSync(dirname(root + path), { recursive: true })
  writeFileSync(root + path, 'x')
  chownSync(root + path, uid, gid)
  chmodSync(root + path, mode)
}

function temporary(t: Test): string {
  const root = mkdtempSync(join(tmpdir(), 'gabion-files-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  chmodSync(root, 0o755)
  return root
}

const asked = { oneShot: true, asked: true }

t.test('a walk finds what find and getcap printed on the recorded machine', { skip: skipCapabilities }, async t => {
  const root = temporary(t)
  for (const name of ['passwd', 'group', 'nsswitch.conf']) {
    cpSync(join(fixtureRoot('debian12-vm'), 'etc', name), join(root, 'etc', name), { recursive: true })
  }
  const setIds = await recordedFiles('suid')
  const writable = await recordedFiles('world-writable')
  for (const file of [...setIds, ...writable]) put(root, file)
  const printed = fixtureCommand('debian12-vm', 'getcap').trim().split('\n')
  for (const line of printed) {
    const [path = '', capabilities = ''] = line.split(' ')
    put(root, { path, mode: 0o755, uid: 0, gid: 0 })
    execFileSync('setcap', [capabilities, root + path])
  }
  const facts = factsOf(await runProbe(probe, await openHost({ root }), asked))
  t.equal(facts.walk, 'complete')
  t.same(
    facts.setIdFiles?.map(({ path, mode, uid, gid }) => ({ path, mode: Number.parseInt(mode, 8), uid, gid })),
    [...setIds].sort((a, b) => (a.path < b.path ? -1 : 1)),
  )
  t.same(
    facts.worldWritableFiles,
    writable.map(({ path }) => path),
  )
  t.same(
    facts.capabilityFiles?.map(
      ({ path, permitted, effective }) => `${path} ${permitted.join()}=${effective ? 'ep' : 'p'}`,
    ),
    printed.map(line => line.trim()).sort(),
  )
  t.same(facts.unowned, [], 'everybody there is somebody here')
  t.same(
    facts.gaps.map(({ field, state }) => `${field} ${state}`).sort(),
    ['capabilityFiles.package unavailable', 'mounts unavailable', 'setIdFiles.package unavailable'],
    'there is no package database in this tree',
  )
})

t.test('on this machine a walk of /usr finds what find and getcap find', { skip: skipCapabilities }, async t => {
  const facts = factsOf(await runProbe(probe, await openHost({ root: '/usr' }), asked))
  t.same(
    facts.gaps.filter(({ source }) => source === 'file walk'),
    [],
    'it came to its end',
  )
  const run = (command: string, ...args: readonly string[]) =>
    execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
      .split('\n')
      .filter(Boolean)
  const find = (...args: readonly string[]) => run('find', '/usr', '-xdev', ...args, '-printf', '/%P\n').sort()
  t.same(
    facts.setIdFiles?.map(({ path }) => path),
    find('-type', 'f', '-perm', '/6000'),
  )
  t.same(facts.worldWritableFiles, find('-type', 'f', '-perm', '-0002'))
  t.same(facts.worldWritableDirectories, find('-type', 'd', '-perm', '-0002', '!', '-perm', '-1000'))
  const capable = run('getcap', '-r', '/usr').map(line => line.slice('/usr'.length).replace(/ cap_\S+$/, ''))
  t.same(
    facts.capabilityFiles?.map(({ path }) => path),
    capable.sort(),
  )
  t.ok((facts.setIdFiles?.length ?? 0) > 5, 'there is something to find')
})

t.test('packages of set-uid files are named, and a file of none stands out', { skip }, async t => {
  const root = temporary(t)
  for (const path of ['/usr/bin/su', '/usr/local/bin/door']) put(root, { path, mode: 0o4755, uid: 0, gid: 0 })
  for (const path of ['/var/lib/dpkg/info/util-linux.list', '/var/lib/dpkg/status']) {
    mkdirSync(dirname(root + path), { recursive: true })
    writeFileSync(root + path, '/.\n/usr/bin/su\n')
  }
  const { setIdFiles, gaps } = factsOf(await runProbe(probe, await openHost({ root }), asked))
  t.same(
    setIdFiles?.map(row => [row.path, row.package]),
    [
      ['/usr/bin/su', 'util-linux'],
      ['/usr/local/bin/door', ''],
    ],
  )
  t.same(
    gaps.filter(({ field }) => field.includes('package')),
    [],
  )
})

t.test('a root that is named from the current directory is walked', async t => {
  const root = temporary(t)
  mkdirSync(join(root, 'image/etc'), { recursive: true })
  const program = join(import.meta.dirname, '../../../agent/bin/gabion-agent.js')
  const text = execFileSync(process.execPath, [program, 'facts', 'files', '--root', 'image'], {
    ...{ encoding: 'utf8', cwd: root },
  })
  t.equal(factsOf(JSON.parse(text).facets.files).walk, 'complete')
})

t.test('what a walk is not allowed to read is a gap of every list', { skip }, async t => {
  const root = temporary(t)
  mkdirSync(join(root, 'secret/inner'), { recursive: true })
  chmodSync(join(root, 'secret'), 0o700)
  const text = execFileSync(
    process.execPath,
    [join(import.meta.dirname, '../../../agent/bin/gabion-agent.js'), 'facts', 'files', '--root', root],
    { encoding: 'utf8', uid: 65_534, gid: 65_534, env: {} },
  )
  const facts = factsOf(JSON.parse(text).facets.files)
  t.equal(facts.walk, 'partial')
  t.same(
    facts.gaps
      .filter(({ source }) => source === '/secret')
      .map(({ field, effect, state }) => `${field} ${effect} ${state}`),
    ['capabilityFiles', 'setIdFiles', 'unowned', 'worldWritableDirectories', 'worldWritableFiles'].map(
      field => `${field} incomplete unreadable`,
    ),
  )
})
