// Tests of the probe `ports` on recorded and on little hosts.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createPortsProbe, ports } from '../../../agent/probes/ports.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { PortsFacts, PortsObservations } from '../../../proto/facets/ports.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'
import { parseSsListeners } from '../../ss-listeners.ts'
import { processFiles, tableText } from '../ports/little-proc.ts'

const factsOf = (state: FacetState) => presentFacts(state) as unknown as PortsFacts
const observationsOf = (state: FacetState) =>
  (state.state === 'present' ? state.observations : {}) as unknown as PortsObservations
const neverPauses = createPortsProbe(() => Promise.resolve())

t.test('the recorded host has exactly the listeners that ss saw on it', async t => {
  const state = await runProbe(ports, await openFixtureHost('debian12-vm'))
  const facts = factsOf(state)
  const pids = new Map(observationsOf(state).sockets.map(({ address, port, pids }) => [`${address} ${port}`, pids]))
  const read = facts.listeners.map(({ protocol, family, address, port, dualStack, holders }) => ({
    protocol,
    family,
    address,
    port,
    dualStack,
    processes: holders?.map(({ process }) => process),
    pids: pids.get(`${address} ${port}`),
  }))
  const printed = parseSsListeners(fixtureCommand('debian12-vm', 'ss-H-lntupe'))
  t.equal(printed.length, 5)
  t.strictSame(
    read.sort((a, b) => a.port - b.port || (a.family < b.family ? -1 : 1)),
    [...printed].sort((a, b) => a.port - b.port || (a.family < b.family ? -1 : 1)),
  )
  t.strictSame(facts.gaps, [])
  t.strictSame(facts.localPortRange, { low: 32768, high: 60999 })
})

t.test('holders of the recorded host have the cgroup that ss printed as their unit', async t => {
  const { listeners } = factsOf(await runProbe(ports, await openFixtureHost('debian12-vm')))
  const units = new Map(listeners.map(({ family, port, holders }) => [`${family} ${port}`, holders?.[0]?.unit]))
  for (const line of fixtureCommand('debian12-vm', 'ss-H-lntupe').split('\n').filter(Boolean)) {
    const port = /:(\d+)\s/.exec(line)?.[1]
    const family = /\s(\[|\*:)/.test(line) ? 'ipv6' : 'ipv4'
    t.equal(units.get(`${family} ${port}`), /cgroup:\S*\/(\S+)/.exec(line)?.[1], line)
  }
  t.match(
    listeners.find(({ port }) => port === 2375),
    { scope: 'any', holders: [{ process: 'dockerd', executable: '/usr/sbin/dockerd', uid: 0, user: 'root' }] },
  )
  t.equal(listeners.find(({ port }) => port === 22)?.service, 'ssh')
})

/** A running host with process 1 and the given files. */
async function littleHost(test: Parameters<typeof hostFrom>[0], files: Record<string, FixtureFile>) {
  const settings = {
    '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
    '/proc/sys/net/ipv6/bindv6only': '0\n',
    '/etc/services': 'ssh 22/tcp\nntp 123/udp\n',
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/sh\nalias:x:33:33::/:/bin/sh\n',
    '/proc/1/net/tcp': tableText([]),
  }
  return await hostFrom(test, { files: { ...settings, ...processFiles({ pid: 1, name: 'init' }), ...files } })
}

t.test('every kind of socket that waits is told, connections are not', async t => {
  const host = await littleHost(t, {
    '/proc/1/net/tcp': tableText([
      { address: '7F000001', port: 22, inode: 10 },
      { address: '0A000001', port: 22, inode: 11, state: 1, remote: ['0A000002', 5000] },
    ]),
    '/proc/1/net/udp': tableText([
      { address: '00000000', port: 123, inode: 12, state: 7 },
      { address: '0A000001', port: 124, inode: 13, state: 1, remote: ['0A000002', 53] },
    ]),
    '/proc/1/net/raw6': tableText([{ address: '0'.repeat(32), port: 58, inode: 14, state: 7 }]),
    '/proc/1/net/sctp/eps':
      ' ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\naa bb 2   10  29   38412 0 15 192.0.2.1 192.0.2.2\ncc dd 2   7   29   9999 0 16 0.0.0.0\n',
    ...processFiles({ pid: 5, name: 'all', uid: 33, sockets: [10, 11, 12, 13, 14, 15] }),
  })
  const facts = factsOf(await runProbe(ports, host, { oneShot: true }))
  t.strictSame(
    facts.listeners.map(({ protocol, address, port, scope, service }) => [protocol, address, port, scope, service]),
    [
      ['raw', '::', 58, 'any', ''],
      ['sctp', '192.0.2.1', 38412, 'specific', ''],
      ['sctp', '192.0.2.2', 38412, 'specific', ''],
      ['tcp', '127.0.0.1', 22, 'loopback', 'ssh'],
      ['udp', '0.0.0.0', 123, 'any', 'ntp'],
    ],
  )
  for (const { holders } of facts.listeners) t.match(holders, [{ process: 'all', uid: 33, user: 'web' }])
  t.equal(facts.listeners[0]?.dualStack, false, 'a raw socket never serves both families')
})

t.test('an IPv6 socket for any address serves IPv4 unless the kernel or an IPv4 socket says otherwise', async t => {
  const any = '0'.repeat(32)
  const tables = {
    '/proc/1/net/tcp': tableText([{ address: '00000000', port: 81, inode: 1 }]),
    '/proc/1/net/tcp6': tableText([
      { address: any, port: 80, inode: 2 },
      { address: any, port: 81, inode: 3 },
      { address: '00000000000000000000000000000001', port: 82, inode: 4 },
    ]),
  }
  const dual = async (host: Awaited<ReturnType<typeof littleHost>>) =>
    factsOf(await runProbe(ports, host))
      .listeners.filter(row => row.dualStack)
      .map(row => row.port)
  t.strictSame(await dual(await littleHost(t, tables)), [80])
  t.strictSame(await dual(await littleHost(t, { ...tables, '/proc/sys/net/ipv6/bindv6only': '1\n' })), [])
})

t.test('processes that share a socket are all holders, sockets that share a port are one row', async t => {
  const host = await littleHost(t, {
    '/proc/1/net/tcp': tableText([
      { address: '00000000', port: 80, inode: 20 },
      { address: '00000000', port: 80, inode: 21 },
    ]),
    ...processFiles({ pid: 5, name: 'nginx', sockets: [20, 21] }),
    ...processFiles({ pid: 6, name: 'nginx', uid: 33, sockets: [20] }),
    ...processFiles({ pid: 7, name: 'nginx', uid: 33, sockets: [21] }),
    ...processFiles({
      pid: 8,
      name: 'other',
      sockets: [21],
      cgroup: `0::/kubepods.slice/kubepods-pod01234567_89ab_cdef_0123_456789abcdef.slice/cri-containerd-${'a'.repeat(64)}.scope`,
    }),
  })
  const state = await runProbe(ports, host)
  const [row, ...others] = factsOf(state).listeners
  t.strictSame(others, [])
  t.strictSame(
    row?.holders?.map(({ process, uid, user, container, podUid }) => [process, uid, user, container, podUid]),
    [
      ['nginx', 0, 'root', '', ''],
      ['nginx', 33, 'web', '', ''],
      ['other', 0, 'root', 'a'.repeat(64), '01234567-89ab-cdef-0123-456789abcdef'],
    ],
  )
  t.strictSame(
    observationsOf(state).sockets.map(({ inode, pids }) => [inode, pids]),
    [
      [20, [5, 6]],
      [21, [5, 7, 8]],
    ],
  )
})

t.test('a socket that no process holds is the kernel’s: its holders are known to be none', async t => {
  const host = await littleHost(t, {
    '/proc/1/net/tcp': tableText([
      { address: '00000000', port: 2049, inode: 30 },
      { address: '00000000', port: 2050, inode: 0 },
    ]),
  })
  const { listeners, gaps } = factsOf(await runProbe(ports, host))
  t.strictSame(
    listeners.map(({ holders }) => holders),
    [[], []],
  )
  t.strictSame(gaps, [])
})

t.test('in a process namespace of its own the agent does not take a stranger’s socket for the kernel’s', async t => {
  const host = await littleHost(t, {
    '/proc/1/net/tcp': tableText([{ address: '00000000', port: 80, inode: 30 }]),
    '/proc/1/ns/pid': { symlink: 'pid:[4026532999]' },
  })
  const { listeners, gaps } = factsOf(await runProbe(ports, host))
  t.notOk('holders' in (listeners[0] ?? {}))
  t.match(gaps, [{ field: 'listeners.holders', effect: 'omitted', state: 'unavailable' }])
})

t.test('a socket that is closed while the agent looks is gone, and no socket that nobody holds', async t => {
  const engine = '0000000000000000: 00000002 00000000 00010000 0001 01 12 /run/docker.sock\n'
  const head = 'Num       RefCount Protocol Flags    Type St Inode Path\n'
  const tables = (isOpen: boolean) => ({
    '/proc/1/net/tcp': tableText(isOpen ? [{ address: '00000000', port: 80, inode: 10 }] : []),
    '/proc/1/net/unix': isOpen ? head + engine : head,
  })
  const holder = processFiles({ pid: 5, name: 'web', sockets: [10, 12] })
  const idle = processFiles({ pid: 5, name: 'web', sockets: [] })
  const open = await littleHost(t, { ...tables(true), ...holder })
  for (const isClosed of [true, false]) {
    const memory = new Map<string, unknown>()
    const held = factsOf(await runProbe(ports, open, { memory }))
    t.match(held.listeners, [{ port: 80, holders: [{ process: 'web' }] }])
    t.match(held.unixSockets, [{ path: '/run/docker.sock', holders: [{ process: 'web' }] }])
    const losing = await littleHost(t, { ...tables(true), ...idle })
    // Processes are read after the tables of sockets.
    const pids = async () => {
      for (const [path, text] of Object.entries(tables(!isClosed))) writeFileSync(join(losing.root, path), text)
      return losing.pids()
    }
    const { listeners, unixSockets } = factsOf(await runProbe(ports, { ...losing, pids }, { memory }))
    if (isClosed) t.strictSame([listeners, unixSockets], [[], []])
    else t.match([listeners, unixSockets], [[{ port: 80, holders: [] }], [{ holders: [] }]])
    t.strictSame(factsOf(await runProbe(ports, losing, { memory })).listeners, listeners, 'it stays so')
  }
})

const resolver = (inode: number) => tableText([{ address: '00000000', port: 40_000, inode, state: 7 }])

t.test('a client’s UDP sockets never become facts of a resident agent', async t => {
  const memory = new Map<string, unknown>()
  for (let sweep = 0; sweep < 4; sweep += 1) {
    const files = (inode: number) => ({
      '/proc/1/net/udp': resolver(inode),
      ...processFiles({ pid: 5, name: 'resolver', sockets: [inode] }),
    })
    let host = await littleHost(t, files(100 + 2 * sweep))
    const moving = { ...host, readText: (path: string) => host.readText(path) }
    const probe = createPortsProbe(async () => {
      host = await littleHost(t, files(101 + 2 * sweep))
    })
    const state = await runProbe(probe, moving, { memory })
    t.strictSame(factsOf(state).listeners, [], `sweep ${sweep}`)
    t.equal(observationsOf(state).ephemeralUdp, 1)
  }
})

t.test('a lasting UDP socket in the local port range counts from the first sweep on', async t => {
  const host = await littleHost(t, {
    '/proc/1/net/udp': resolver(100),
    ...processFiles({ pid: 5, name: 'statd', sockets: [100] }),
  })
  const memory = new Map<string, unknown>()
  const first = await runProbe(neverPauses, host, { memory })
  const second = await runProbe(neverPauses, host, { memory })
  t.match(factsOf(first).listeners, [{ protocol: 'udp', port: 40_000, holders: [{ process: 'statd' }] }])
  t.equal(first.digest, second.digest)
})

t.test('a one-shot scan tells every UDP socket, as ss does, without waiting', async t => {
  const host = await littleHost(t, { '/proc/1/net/udp': resolver(100) })
  const waits = createPortsProbe(() => Promise.reject(new Error('waited')))
  t.equal(factsOf(await runProbe(waits, host, { oneShot: true })).listeners.length, 1)
})

t.test('command lines and environments stay on the host', async t => {
  const host = await littleHost(t, {
    '/proc/1/net/tcp': tableText([{ address: '00000000', port: 80, inode: 20 }]),
    '/proc/5/cmdline': 'server\0--token=canary-77d1\0',
    '/proc/5/environ': 'TOKEN=canary-77d1\0',
    ...processFiles({ pid: 5, name: 'server', sockets: [20] }),
  })
  t.notMatch(JSON.stringify(await runProbe(ports, host)), /canary/)
})

t.test('names with any bytes and terminal sequences are sealed as text', async t => {
  const host = await littleHost(t, {
    '/proc/1/net/tcp': tableText([{ address: '00000000', port: 80, inode: 20 }]),
    ...processFiles({ pid: 5, name: 'a) S 1 \udcff\u001b[31m', sockets: [20] }),
  })
  t.equal(factsOf(await runProbe(ports, host)).listeners[0]?.holders?.[0]?.process, 'a) S 1 \\xff\u001b[31m')
})

t.test('an offline root has no sockets to tell of', async t => {
  const state = await runProbe(ports, await openFixtureHost('debian12-vm', { live: false }))
  t.match(state, { state: 'absent', reason: { code: 'offlineRoot' } })
})

t.test('a /proc that hides process 1 is unreadable, not a host without listeners', async t => {
  const host = await hostFrom(t, { files: processFiles({ pid: 77, name: 'agent' }) })
  t.match(await runProbe(ports, host), { state: 'unreadable', reason: { code: 'unavailable' } })
})

t.test('what cannot be read of the tables, settings and names is a gap each', async t => {
  const host = await littleHost(t, {
    '/proc/1/net/tcp6': `${tableText([{ address: '0'.repeat(32), port: 80, inode: 9 }])}nonsense canary\n`,
    '/proc/1/net/udp': { fifo: true },
    '/proc/1/net/raw': { directory: true },
    '/proc/1/net/sctp/eps': ' ENDPT SOCK STY\nnonsense canary\n',
    '/proc/sys/net/ipv4/ip_local_port_range': 'many\n',
    '/proc/sys/net/ipv6/bindv6only': { fifo: true },
    '/etc/services': { symlink: '/etc/services' },
    '/etc/passwd': { fifo: true },
  })
  const { gaps, listeners, ...facts } = factsOf(await runProbe(ports, host))
  t.strictSame(
    gaps.map(({ field, source, state, detail }) => [field, source, state, detail]),
    [
      ['bindV6Only', '/proc/sys/net/ipv6/bindv6only', 'notRegular', 'fifo'],
      ['listeners', '/proc/1/net/raw', 'notRegular', 'directory'],
      ['listeners', '/proc/1/net/sctp/eps', 'malformed', 'line 2'],
      ['listeners', '/proc/1/net/tcp6', 'malformed', 'line 3'],
      ['listeners', '/proc/1/net/udp', 'notRegular', 'fifo'],
      ['listeners.holders.user', '/etc/passwd', 'notRegular', 'fifo'],
      ['listeners.service', '/etc/services', 'unreadable', 'ELOOP'],
      ['localPortRange', '/proc/sys/net/ipv4/ip_local_port_range', 'malformed', 'line 1'],
    ],
  )
  t.equal(listeners.length, 1)
  t.strictSame(facts, { unixSockets: [] })
})

t.test('a host without IPv6 binds nothing to IPv6 only; a range that is not there is a gap', async t => {
  const files = { '/proc/1/net/tcp': tableText([]), ...processFiles({ pid: 1, name: 'init' }) }
  const { bindV6Only, gaps } = factsOf(await runProbe(ports, await hostFrom(t, { files })))
  t.equal(bindV6Only, false)
  t.match(gaps, [{ field: 'localPortRange', state: 'unavailable' }])
})

t.test('in a network namespace of its own the agent does not take its settings for the host’s', async t => {
  const host = await littleHost(t, {
    '/proc/self/ns/net': { symlink: 'net:[4026532001]' },
    '/proc/1/ns/net': { symlink: 'net:[4026531840]' },
  })
  const { gaps, ...facts } = factsOf(await runProbe(ports, host))
  t.strictSame(Object.keys(facts), ['listeners', 'unixSockets'])
  t.match(gaps, [
    { field: 'bindV6Only', effect: 'omitted', state: 'unavailable' },
    { field: 'localPortRange', effect: 'omitted', state: 'unavailable' },
  ])
})

t.test('a flood of sockets is bounded and told', async t => {
  const rows = Array.from({ length: 12_000 }, (_, index) => ({
    address: (0x7f000001 + Math.floor(index / 60_000)).toString(16).toUpperCase(),
    port: 1 + index,
    inode: 0,
  }))
  const host = await littleHost(t, { '/proc/1/net/tcp': tableText(rows) })
  const { listeners, gaps } = factsOf(await runProbe(ports, host))
  t.equal(listeners.length, 10_000)
  t.match(gaps, [{ field: 'listeners', effect: 'incomplete', state: 'tooLarge' }])
})
