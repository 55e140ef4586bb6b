// Tests of the Unix sockets of note: who listens, who may connect.
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { ports } from '../../../agent/probes/ports.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { PortsFacts } from '../../../proto/facets/ports.ts'
import { openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, hostFrom, rootFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'
import { processFiles, tableText } from './little-proc.ts'

const factsOf = (state: FacetState) => presentFacts(state) as unknown as PortsFacts
const table = (...rows: readonly (readonly [number, string])[]) =>
  `Num       RefCount Protocol Flags    Type St Inode Path\n${rows
    .map(([inode, path]) => `00000000de67692e: 00000002 00000000 00010000 0001 01 ${inode} ${path}\n`)
    .join('')}`
const common: Record<string, FixtureFile> = {
  '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
  '/proc/1/net/tcp': tableText([]),
  '/etc/services': '',
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n',
  '/etc/group': 'root:x:0:\ndocker:x:998:ann\n',
  ...processFiles({ pid: 1, name: 'init' }),
}

t.test('the recorded machine: engines that listen, and who holds the sockets as ss said', async t => {
  const { unixSockets, gaps } = factsOf(await runProbe(ports, await openFixtureHost('debian12-vm')))
  t.strictSame(
    unixSockets.map(({ path, kind, state, holders }) => [path, kind, state, holders?.map(one => one.process)]),
    [
      ['/run/containerd/containerd.sock', 'containerd', 'absent', ['containerd']],
      ['/run/containerd/containerd.sock.ttrpc', 'containerd', 'absent', ['containerd']],
      ['/run/docker.sock', 'docker', 'absent', ['dockerd', 'systemd']],
      ['/var/run/docker.sock', 'docker', 'absent', ['dockerd']],
    ],
    'a recording cannot keep the files themselves',
  )
  t.strictSame(gaps, [])
})

/** Sockets that are really there, below a root of their own. */
async function hostWithSockets(
  t: Parameters<typeof rootFrom>[0],
  sockets: Readonly<Record<string, { readonly mode: number; readonly uid?: number; readonly gid?: number }>>,
  files: Record<string, FixtureFile>,
  directories: Readonly<Record<string, { readonly mode: number; readonly uid?: number; readonly gid?: number }>> = {},
) {
  const root = rootFrom(t, { ...common, ...files })
  // The path of a socket is short, that of a root in a temporary directory may be longer.
  const short = mkdtempSync(join(tmpdir(), 'g-'))
  t.teardown(() => rmSync(short, { recursive: true, force: true }))
  symlinkSync(root, join(short, 'r'))
  for (const path of Object.keys(sockets)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    const server = createServer().listen(join(short, 'r', path))
    await once(server, 'listening')
    t.teardown(() => server.close())
    chmodSync(join(root, path), 0o660)
  }
  const owned = { uid: 0, gid: 0 }
  const overlay = new Map(
    Object.entries({ '/': { mode: 0o755 }, '/run': { mode: 0o755 }, ...directories, ...sockets }).map(
      ([path, one]) => [path, { ...owned, ...one }] as const,
    ),
  )
  return await openHost({ root, live: true, overlay, http: new Map(), commands: new Map() })
}

t.test('mode, owner and who may connect, every directory on the way counted', async t => {
  const host = await hostWithSockets(
    t,
    {
      '/run/docker.sock': { mode: 0o660, gid: 998 },
      '/run/open/podman.sock': { mode: 0o666 },
      '/run/shut/crio.sock': { mode: 0o666 },
      '/run/swap/buildkitd.sock': { mode: 0o600 },
    },
    {
      '/proc/1/net/unix': table(
        [11, '/run/docker.sock'],
        [12, '/run/open/podman.sock'],
        [13, '/run/shut/crio.sock'],
        [14, '/run/swap/buildkitd.sock'],
        [15, '/run/dbus/system_bus_socket'],
      ),
      ...processFiles({ pid: 9, name: 'dockerd', sockets: [11], cgroup: '0::/system.slice/docker.service' }),
    },
    { '/run/open': { mode: 0o755 }, '/run/shut': { mode: 0o700 }, '/run/swap': { mode: 0o777 } },
  )
  const { unixSockets, gaps } = factsOf(await runProbe(ports, host))
  t.match(unixSockets, [
    {
      path: '/run/docker.sock',
      state: 'present',
      mode: '0660',
      uid: 0,
      gid: 998,
      access: ['group docker'],
      holders: [{ process: 'dockerd', unit: 'docker.service', uid: 0 }],
    },
    { path: '/run/open/podman.sock', mode: '0666', access: ['everyone'], holders: [] },
    { path: '/run/shut/crio.sock', mode: '0666', access: [] },
    { path: '/run/swap/buildkitd.sock', mode: '0600', access: ['everyone'] },
  ])
  t.equal(unixSockets.length, 4, 'a socket that gives no power is none of these')
  t.strictSame(gaps, [])
})

t.test('two names of one socket are one row', async t => {
  const host = await hostWithSockets(
    t,
    { '/run/docker.sock': { mode: 0o660 } },
    {
      '/var/run': { symlink: '/run' },
      '/proc/1/net/unix': table([11, '/run/docker.sock'], [12, '/var/run/docker.sock']),
      ...processFiles({ pid: 1, name: 'systemd', sockets: [11] }),
      ...processFiles({ pid: 9, name: 'dockerd', sockets: [12] }),
    },
  )
  const { unixSockets } = factsOf(await runProbe(ports, host))
  t.match(unixSockets, [{ path: '/run/docker.sock', holders: [{ process: 'dockerd' }, { process: 'systemd' }] }])
  t.equal(unixSockets.length, 1)
})

t.test('a shim of containerd without a file lets in whoever shares the network namespace', async t => {
  const files = {
    ...common,
    '/proc/1/net/unix': table([21, '@/containerd-shim/aa11.sock@'], [22, '@/containerd-shim/bb22.sock@'], [23, '@/x']),
    ...processFiles({ pid: 9, name: 'containerd-shim', sockets: [21, 22] }),
  }
  const { unixSockets } = factsOf(await runProbe(ports, await hostFrom(t, { files })))
  t.match(unixSockets, [
    {
      path: '@/containerd-shim/*',
      kind: 'containerd-shim',
      state: 'abstract',
      access: ['everyone'],
      holders: [{ process: 'containerd-shim' }],
    },
  ])
  t.equal(unixSockets.length, 1, 'and those of new containers are no drift')
})

t.test(
  'a socket of another mount namespace has no file here; something else in its place is not taken for it',
  async t => {
    const files = {
      ...common,
      '/proc/1/net/unix': table([31, '/run/podman/podman.sock'], [32, '/run/crio/crio.sock']),
      '/run/crio/crio.sock': 'a file',
    }
    const { unixSockets, gaps } = factsOf(await runProbe(ports, await hostFrom(t, { files })))
    t.match(unixSockets, [
      { path: '/run/crio/crio.sock', state: 'absent', mode: '', uid: -1, gid: -1, access: [] },
      { path: '/run/podman/podman.sock', state: 'absent' },
    ])
    t.strictSame(gaps, [])
  },
)

t.test('a made-up row names a process of whoever made it up', async t => {
  const files = {
    ...common,
    '/proc/1/net/unix': table([41, '/tmp/evil'], [41, '/run/docker.sock']),
    ...processFiles({ pid: 9, name: 'evil', uid: 1000, sockets: [41] }),
  }
  const { unixSockets } = factsOf(await runProbe(ports, await hostFrom(t, { files })))
  t.match(unixSockets, [{ path: '/run/docker.sock', state: 'absent', holders: [{ process: 'evil', user: 'ann' }] }])
})

t.test('what cannot be read is a gap', async t => {
  const noTable = await hostFrom(t, { files: { ...common, '/proc/1/net/unix': { fifo: true } } })
  const facts = factsOf(await runProbe(ports, noTable))
  t.match(facts.gaps, [{ field: 'unixSockets', effect: 'incomplete', source: '/proc/1/net/unix', state: 'notRegular' }])
  const loop = {
    ...common,
    '/proc/1/net/unix': table([51, '/run/a/docker.sock']),
    '/run/a': { symlink: 'a' },
  } as const
  const looped = factsOf(await runProbe(ports, await hostFrom(t, { files: loop })))
  t.match(looped.unixSockets, [{ path: '/run/a/docker.sock', state: 'unreadable' }])
  t.equal(looped.unixSockets[0]?.access, undefined)
  t.match(looped.gaps, [{ field: 'unixSockets.access', effect: 'omitted', state: 'unreadable', detail: 'ELOOP' }])
  const many = table(...Array.from({ length: 501 }, (_, index) => [100 + index, `/run/${index}/docker.sock`] as const))
  const flooded = factsOf(await runProbe(ports, await hostFrom(t, { files: { ...common, '/proc/1/net/unix': many } })))
  t.equal(flooded.unixSockets.length, 500)
  t.match(flooded.gaps, [{ field: 'unixSockets', effect: 'incomplete', state: 'tooLarge' }])
  const nameless = await hostWithSockets(
    t,
    { '/run/docker.sock': { mode: 0o660, gid: 998 } },
    { '/proc/1/net/unix': table([11, '/run/docker.sock']), '/etc/group': { fifo: true } },
  )
  const unnamed = factsOf(await runProbe(ports, nameless))
  t.equal(unnamed.unixSockets[0]?.access, undefined)
  t.match(unnamed.gaps, [{ field: 'unixSockets.access', effect: 'omitted', source: '/etc/group' }])
})
