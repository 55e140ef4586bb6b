// Tests of reading inside a root: nothing leads out of it, nothing blocks, nothing is read without a limit.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { hostFrom, rootFrom } from '../../host-from.ts'
import { textOrState } from './text-or-state.ts'

t.test('plain files are read, whatever way the path is written', async t => {
  const host = await hostFrom(t, { files: { '/etc/a': 'one', '/etc/d/b': 'two', '/empty': '' } })
  t.same(await host.readText('/etc/a'), { state: 'present', path: '/etc/a', value: 'one' })
  t.same(await host.readBytes('/etc/a'), { state: 'present', path: '/etc/a', value: Buffer.from('one') })
  for (const path of ['//etc///a', '/./etc/./a', '/etc/d/../a', '/../../etc/a']) {
    t.equal(await textOrState(host, path), 'one', path)
  }
  t.equal(await textOrState(host, '/empty'), '')
  t.same(
    (await host.readTexts(['/etc/d/b', '/none', '/etc/a'])).map(outcome => outcome.state),
    ['present', 'absent', 'present'],
  )
})

t.test('what is not there is absent', async t => {
  const host = await hostFrom(t, { files: { '/etc/a': 'one', '/dangling': { symlink: 'nowhere' } } })
  t.match(await host.readText('/etc/none'), { state: 'absent', path: '/etc/none', detail: 'ENOENT' })
  t.match(await host.readText('/etc/a/b'), { state: 'absent', detail: 'ENOTDIR' })
  t.match(
    await host.readText('/etc/a/'),
    { state: 'absent', detail: 'ENOTDIR' },
    'a slash at the end asks for a directory',
  )
  t.match(await host.readText('/dangling'), { state: 'absent', path: '/dangling' })
  t.match(await host.readText('/etc/a\0/x'), { state: 'absent' })
  t.match(await host.list('/none'), { state: 'absent' })
  t.match(await host.readText('etc/a'), { state: 'unavailable', detail: 'not an absolute path' })
  t.match(await host.readText(`/${'x'.repeat(300)}`), { state: 'unreadable', detail: 'ENAMETOOLONG' })
  t.match(await host.readText('/x'.repeat(3000)), { state: 'unreadable', detail: 'ENAMETOOLONG' })
})

t.test('symbolic links are followed inside the root and never out of it', async t => {
  const host = await hostFrom(t, {
    files: {
      '/etc/passwd': 'inside',
      '/usr/lib/os-release': 'os',
      '/etc/os-release': { symlink: '../usr/lib/os-release' },
      '/lib': { symlink: 'usr/lib' },
      '/absolute': { symlink: '/etc/passwd' },
      '/climbing': { symlink: '../../../../../../../../etc/passwd' },
      '/up/up/climbing': { symlink: '../../../../../../etc/passwd' },
      '/to-root': { symlink: '/' },
      '/to-etc': { symlink: '/etc' },
      '/chain': { symlink: '/to-root/to-etc/../to-etc/passwd' },
      '/real-hosts': { symlink: '/etc/hosts' },
      '/self-root': { symlink: '/proc/self/root' },
    },
  })
  t.equal(await textOrState(host, '/etc/os-release'), 'os')
  t.equal(await textOrState(host, '/lib/os-release'), 'os')
  for (const path of ['/absolute', '/climbing', '/up/up/climbing', '/to-root/etc/passwd', '/to-etc/passwd', '/chain']) {
    t.equal(await textOrState(host, path), 'inside', path)
  }
  t.equal(await textOrState(host, '/to-etc/../etc/passwd'), 'inside', '`..` climbs from where the link led')
  t.equal(await textOrState(host, '/real-hosts'), 'absent', 'the tests’ own /etc/hosts is not the host’s')
  t.equal(await textOrState(host, '/self-root/etc/hosts'), 'absent')
  t.match(await host.realPath('/chain'), { state: 'present', value: '/etc/passwd' })
  t.match(await host.realPath('/to-root'), { value: '/' })
  t.match(await host.realPath('/to-root/lib/..'), { value: '/usr' })
  t.match(await host.readLink('/chain'), { value: '/to-root/to-etc/../to-etc/passwd' })
  t.match(await host.readLink('/etc/passwd'), { state: 'notRegular', detail: 'file' })
  t.match(await host.stat('/chain'), { value: { kind: 'file', sizeBytes: 6 } })
  t.match(await host.stat('/chain', { follow: false }), { value: { kind: 'symlink' } })
  t.match(await host.stat('/'), { value: { kind: 'directory' } })
})

t.test('loops of links end', async t => {
  const files: Record<string, { symlink: string }> = {
    '/a': { symlink: 'b' },
    '/b': { symlink: 'a' },
    '/self': { symlink: 'self' },
    '/deep': { symlink: 'deep/x' },
    '/wide': { symlink: `${'wide/../'.repeat(100)}wide` },
  }
  for (let index = 0; index < 45; index += 1) files[`/l${index}`] = { symlink: `l${index + 1}` }
  const host = await hostFrom(t, { files: { ...files, '/l45': 'end' } })
  for (const path of ['/a', '/self', '/deep', '/wide', '/l0']) {
    t.match(await host.readText(path), { state: 'unreadable', path, detail: 'ELOOP' }, path)
  }
  t.equal(await textOrState(host, '/l5'), 'end', 'forty links are followed')
  t.equal(await textOrState(host, '/l4'), 'unreadable', 'one more is not')
})

t.test('FIFOs, sockets, devices and directories are named and not opened', async t => {
  const root = rootFrom(t, { '/fifo': { fifo: true }, '/to-fifo': { symlink: 'fifo' }, '/dir/x': '' })
  const server = createServer().listen(join(root, 'socket'))
  await once(server, 'listening')
  t.teardown(() => server.close())
  const host = await openHost({ root })
  t.match(await host.readText('/fifo'), { state: 'notRegular', path: '/fifo', detail: 'fifo' })
  t.match(await host.readText('/to-fifo'), { state: 'notRegular', detail: 'fifo' })
  t.match(await host.readText('/socket'), { state: 'notRegular', detail: 'socket' })
  t.match(await host.readText('/dir'), { state: 'notRegular', detail: 'directory' })
  t.match(await host.list('/fifo'), { state: 'notRegular', detail: 'fifo' })
  t.match(await host.stat('/socket'), { value: { kind: 'socket' } })
  const real = await openHost({ root: '/' })
  t.match(await real.readText('/dev/zero'), { state: 'notRegular', detail: 'character' })
  t.match(await real.readText('/dev/tty'), { state: 'notRegular', detail: 'character' })
})

t.test('reads and listings stop at their limits', async t => {
  const files: Record<string, string> = { '/four': 'four' }
  for (let index = 0; index < 20; index += 1) files[`/many/${index}`] = ''
  const root = rootFrom(t, { ...files, '/huge': '', '/big': Buffer.alloc(1024 * 1024 + 1) })
  truncateSync(join(root, 'huge'), 1024 ** 3)
  const host = await openHost({ root })
  const before = process.resourceUsage().maxRSS
  t.match(await host.readText('/huge'), { state: 'tooLarge', path: '/huge', detail: /1048576 bytes/ })
  t.ok(process.resourceUsage().maxRSS - before < 100_000, 'a sparse gigabyte is not read')
  t.match(await host.readText('/big'), { state: 'tooLarge' })
  t.match(await host.readText('/four', { maxBytes: 4 }), { state: 'present', value: 'four' })
  t.match(await host.readText('/four', { maxBytes: 3 }), { state: 'tooLarge', detail: /3 bytes/ })
  t.match(await host.list('/many', { maxEntries: 19 }), { state: 'tooLarge', detail: /19 entries/ })
  const listing = await host.list('/many', { maxEntries: 20 })
  t.equal(listing.state === 'present' && listing.value.length, 20)
  t.equal((await host.readText('/proc/self/status', { maxBytes: 10 })).state, 'absent', 'a root without /proc')
  const real = await openHost({ root: '/' })
  t.match(
    await real.readText('/proc/self/status', { maxBytes: 10 }),
    { state: 'tooLarge' },
    'sizes of procfs mean nothing',
  )
})

t.test('pieces of a file are read through one descriptor, and errors of their reader go on', async t => {
  const host = await hostFrom(t, { files: { '/a': 'abcdefgh', '/link': { symlink: 'a' }, '/fifo': { fifo: true } } })
  const pieces = await host.readParts('/link', async file => {
    rmSync(join(host.root, 'a'))
    return [file.sizeBytes, file.read(2, 3), file.read(6, 10), file.read(100, 1)].map(String)
  })
  t.same(pieces, { state: 'present', path: '/link', value: ['8', 'cde', 'gh', ''] })
  t.match(await host.readParts('/fifo', async () => 0), { state: 'notRegular', detail: 'fifo' })
  t.match(await host.readParts('/', async () => 0), { state: 'notRegular', detail: 'directory' })
  t.match(await host.readParts('/a', async () => 0), { state: 'absent' })
  const reader = async () => {
    throw new Error('of its own')
  }
  writeFileSync(join(host.root, 'b'), '')
  await t.rejects(host.readParts('/b', reader), { message: 'of its own' })
})

t.test('names of any bytes go through listings, paths and links', async t => {
  const host = await hostFrom(t, {
    files: {
      '/d/\udcff\udcfe': 'latin',
      '/d/ü': 'utf-8',
      '/d/new\nline\u001b[31m': 'control',
      '/d/link': { symlink: '\udcff\udcfe' },
      '/d/sub\udc80/x': 'below',
    },
  })
  const listing = await host.list('/d')
  t.same(listing.state === 'present' && listing.value, [
    { name: 'link', kind: 'symlink' },
    { name: 'new\nline\u001b[31m', kind: 'file' },
    { name: 'sub\udc80', kind: 'directory' },
    { name: 'ü', kind: 'file' },
    { name: '\udcff\udcfe', kind: 'file' },
  ])
  t.equal(await textOrState(host, '/d/\udcff\udcfe'), 'latin')
  t.equal(await textOrState(host, '/d/link'), 'latin')
  t.equal(await textOrState(host, '/d/sub\udc80/x'), 'below')
  t.match(await host.readLink('/d/link'), { value: '\udcff\udcfe' })
  t.match(await host.realPath('/d/link'), { value: '/d/\udcff\udcfe' })
  t.match(await host.stat('/d/\udcff\udcfe'), { state: 'present' })
})

t.test('content of any bytes arrives without loss', async t => {
  const host = await hostFrom(t, { files: { '/x': Uint8Array.from([0x61, 0, 0xff, 0xc3, 0xbc]) } })
  t.equal(await textOrState(host, '/x'), 'a\0\udcffü')
})

t.test('paths at or below a remote mount are not touched', async t => {
  const root = rootFrom(t, {
    '/mnt/nfs/etc/x': 'remote',
    '/local': 'here',
    '/link': { symlink: '/mnt/nfs/etc/x' },
    '/mnt/auto': { directory: true },
  })
  const readMountinfo = () =>
    `2 1 0:2 / ${root}/mnt/nfs rw - nfs4 s:/ rw\n3 1 0:3 / ${root}/mnt/auto rw - autofs systemd-1 rw\n`
  const host = await openHost({ root, readMountinfo })
  for (const path of [
    '/mnt/nfs',
    '/mnt/nfs/etc/x',
    '/link',
    '/mnt/nfs/none',
    '/mnt/../mnt/nfs/etc/x',
    '/mnt/nfs/../../local',
  ]) {
    t.match(await host.readText(path), { state: 'remote', path, detail: /nfs4/ }, path)
  }
  t.match(await host.list('/mnt/nfs/etc'), { state: 'remote' })
  t.match(await host.stat('/mnt/auto'), { state: 'remote', detail: /autofs/ })
  t.match(await host.stat('/mnt/auto', { follow: false }), { state: 'remote' })
  t.match(await host.realPath('/link'), { state: 'remote' })
  t.match(await host.readLink('/link'), { state: 'present', value: '/mnt/nfs/etc/x' }, 'the link itself is local')
  t.equal(await textOrState(host, '/local'), 'here')
  t.match(await host.list('/mnt'), { state: 'present' })
})

t.test(
  'without rights the answer is the errno and what would help',
  { skip: process.getuid?.() !== 0 && 'needs root' },
  async t => {
    const root = rootFrom(t, { '/etc/secret': 'x', '/etc/closed/y': 'y', '/etc/open': 'z' })
    const script = `
    import { openHost } from ${JSON.stringify(join(import.meta.dirname, '../../../agent/host/open-host.ts'))}
    import { chmodSync, writeSync } from 'node:fs'
    const root = process.argv[1]
    process.umask(0)
    for (const [path, mode] of [['', 0o755], ['/etc', 0o755], ['/etc/secret', 0o600], ['/etc/closed', 0o700]]) chmodSync(root + path, mode)
    process.setgroups([]); process.setgid(65534); process.setuid(65534)
    const host = await openHost({ root }); const real = await openHost({ root: '/' })
    const answers = JSON.stringify([
      await host.readText('/etc/secret'), await host.readText('/etc/closed/y'), await host.list('/etc/closed'), await host.stat('/etc/secret'),
      await host.readText('/etc/open'), await real.readLink('/proc/' + process.ppid + '/exe'), await real.list('/proc/' + process.ppid + '/fd'),
      await real.readText('/proc/' + process.ppid + '/stat'),
    ])
    writeSync(1, answers)
    process.kill(process.pid, 'SIGKILL')`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, root], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const output = (await child.stdout.toArray()).join('')
    const denied = { state: 'unreadable', detail: /^EACCES.*CAP_DAC_READ_SEARCH/ }
    const traced = { state: 'unreadable', detail: /^EACCES.*CAP_SYS_PTRACE/ }
    const present = { state: 'present' }
    t.match(JSON.parse(output), [denied, denied, denied, present, present, traced, traced, present])
  },
)

t.test('/proc and /sys of the running system are read straight', async t => {
  const host = await openHost({ root: '/' })
  t.match(await textOrState(host, `/proc/${process.pid}/stat`), new RegExp(`^${process.pid} \\(`))
  t.match(await textOrState(host, '/sys/class/net/lo/address'), '00:00:00:00:00:00')
  t.match(await host.list('/sys/class/net/lo'), { state: 'present' }, 'a directory behind a link of sysfs')
  t.match(await host.list(`/proc/${process.pid}/fd`), { state: 'present' })
  t.match(await host.readText('/proc/mounts'), { state: 'present' }, 'a link of procfs')
  t.match(await host.readText('/proc/net/tcp'), { state: 'present' })
  t.match(await host.readLink(`/proc/${process.pid}/exe`), { value: process.execPath })
  t.match(await host.stat(`/proc/${process.pid}/exe`, { follow: false }), { value: { kind: 'symlink' } })
  t.match(await host.readText(`/proc/${process.pid}`), { state: 'notRegular', detail: 'directory' })
  t.match(await host.readText('/proc/999999999/stat'), { state: 'absent' })
  t.match(await host.readText('/proc/self/../version'), { state: 'present' })
  t.match(await host.stat('/sys/class/net/lo'), { value: { kind: 'directory' } })
})

t.test('links of processes are not followed: they lead into other views of the file system', async t => {
  const host = await openHost({ root: '/' })
  const own = `/proc/${process.pid}`
  for (const path of [
    `${own}/root/etc/passwd`,
    `${own}/cwd/package.json`,
    `${own}/exe`,
    `${own}/fd/0`,
    `/proc/self/root/etc`,
    `//proc//${process.pid}/root/etc/passwd`,
    `${own}/task/${process.pid}/root/etc/passwd`,
  ]) {
    t.match(await host.readText(path), { state: 'unavailable', path, detail: /not followed/ }, path)
  }
  t.match(await host.stat(`${own}/exe`), { state: 'unavailable' })
})

t.test('mode and owner of fixtures come from the overlay, by the resolved path', async t => {
  const host = await hostFrom(t, {
    files: { '/etc/shadow': 'x', '/alias': { symlink: '/etc/shadow' } },
    modes: { '/etc/shadow': { mode: 0o640, gid: 42 } },
  })
  t.match(await host.stat('/alias'), { value: { mode: 0o640, uid: 0, gid: 42, kind: 'file', sizeBytes: 1 } })
})

t.test('a root that is gone is not a host without files', async t => {
  const root = rootFrom(t, { '/host/etc/a': 'x' })
  const host = await openHost({ root: join(root, 'host') })
  rmSync(join(root, 'host'), { recursive: true })
  t.match(await host.readText('/etc/a'), { state: 'unavailable', detail: 'root directory: ENOENT' })
  t.match(await host.list('/'), { state: 'unavailable' })
})

t.test('no descriptor is left open, whatever the outcome', async t => {
  const root = rootFrom(t, {
    '/a/b/c/file': 'x',
    '/a/link': { symlink: '/a/b/../b/c/file' },
    '/loop': { symlink: 'loop' },
    '/fifo': { fifo: true },
    '/a/b/big': 'x'.repeat(100),
  })
  const host = await openHost({ root })
  const real = await openHost({ root: '/' })
  const round = async () => {
    for (const path of [
      '/a/b/c/file',
      '/a/link',
      '/loop',
      '/fifo',
      '/a/none/x',
      '/a/b/c/file/x',
      '/a/b/big',
      '/',
      '/..',
    ]) {
      await host.readText(path, { maxBytes: 10 })
      await host.stat(path)
      await host.list(path, { maxEntries: 1 })
      await host.readLink(path)
      await host.realPath(path)
    }
    for (const path of [
      '/proc/self/stat',
      '/proc/self/fd',
      '/proc/mounts',
      '/proc/999999999/stat',
      '/sys/class/net/lo',
    ]) {
      await real.readText(path)
      await real.list(path)
      await real.stat(path)
    }
    await real.pids()
  }
  await round()
  const before = readdirSync('/proc/self/fd').length
  for (let times = 0; times < 20; times += 1) await round()
  t.equal(readdirSync('/proc/self/fd').length, before)
})

t.test('long reading lets timers fire', async t => {
  const root = rootFrom(t, {})
  mkdirSync(join(root, 'd'))
  for (let index = 0; index < 500; index += 1) writeFileSync(join(root, 'd', `${index}`), 'x'.repeat(10_000))
  appendFileSync(join(root, 'd', '0'), 'y')
  const host = await openHost({ root })
  let fired = 0
  const timer = setInterval(() => {
    fired += 1
  }, 1)
  const paths = Array.from({ length: 5000 }, (_, index) => `/d/${index % 500}`)
  await Promise.all([host.readTexts(paths), host.readTexts(paths)])
  clearInterval(timer)
  t.ok(fired > 3, `timers fired ${fired} times`)
})
