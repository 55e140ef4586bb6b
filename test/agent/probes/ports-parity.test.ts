// Holds the ports facet of this very machine against `ss -H -lntup`.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type ListenOptions, type Server } from 'node:net'
import t, { type Test } from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { ports } from '../../../agent/probes/ports.ts'
import type { PortsFacts, PortsObservations } from '../../../proto/facets/ports.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'
import { listenerKey, parseSsListeners, type SsListener } from '../../ss-listeners.ts'
import { findTool } from '../../tools.ts'

/** Other programs open and close sockets meanwhile: what counts is a probe run during which ss did not change. */
const attempts = 200

async function listen(test: Test, options: ListenOptions): Promise<Server> {
  const server = createServer()
  test.teardown(() => server.close())
  server.listen({ port: 0, ...options })
  await once(server, 'listening')
  return server
}

/** Two sockets on one port, one for each family. Somebody else may hold the port in the other family: then another. */
async function listenPair(test: Test): Promise<readonly [Server, Server]> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const pair4 = await listen(test, { host: '0.0.0.0' })
    const pair6 = createServer()
    const listening = once(pair6, 'listening').then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'EADDRINUSE' && Promise.reject(error),
    )
    pair6.listen({ host: '::', port: portOf(pair4), ipv6Only: true })
    if (!(await listening)) continue
    test.teardown(() => pair6.close())
    return [pair4, pair6]
  }
  throw new Error(`no port was free in both families, ${attempts} times`)
}

async function bindUdp(test: Test, type: 'udp4' | 'udp6', address: string, ipv6Only = false): Promise<Socket> {
  const socket = createSocket({ type, ipv6Only })
  test.teardown(() => socket.close())
  socket.bind(0, address)
  await once(socket, 'listening')
  return socket
}

/** A child that holds the same listening socket. */
async function share(test: Test, server: Server): Promise<ChildProcess> {
  const keep = "process.on('message', (_, server) => { globalThis.kept = server; process.send('held') })"
  const child = spawn(process.execPath, ['--eval', keep], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  test.teardown(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  child.send('keep', server)
  await once(child, 'message')
  return child
}

const portOf = (server: Server) => {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
const ss = (program: string) => execFileSync(program, ['-H', '-lntup'], { encoding: 'utf8' })

/** A probe run between two equal outputs of ss. */
async function quietRun(
  program: string,
): Promise<{ facts: PortsFacts; seen: readonly SsListener[]; ss: readonly SsListener[] }> {
  const host = await openHost({ root: '/' })
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const before = parseSsListeners(ss(program))
    const state = await runProbe(ports, host, { oneShot: true })
    const after = parseSsListeners(ss(program))
    if (JSON.stringify(before) !== JSON.stringify(after)) continue
    const facts = presentFacts(state) as unknown as PortsFacts
    const observations = (state.state === 'present' ? state.observations : {}) as unknown as PortsObservations
    return { facts, seen: seenListeners(facts, observations), ss: after }
  }
  throw new Error(`ss changed during each of ${attempts} runs`)
}

/** The facet in the form of ss: without raw and SCTP sockets, without what ss does not print. */
function seenListeners({ listeners }: PortsFacts, { sockets }: PortsObservations): readonly SsListener[] {
  return listeners
    .filter(({ protocol }) => protocol === 'tcp' || protocol === 'udp')
    .map(({ protocol, family, address, port, dualStack, holders = [] }) => {
      const pids = sockets
        .filter(socket => socket.protocol === protocol && socket.address === address && socket.port === port)
        .flatMap(socket => socket.pids)
      const processes = [...new Set(holders.map(holder => holder.process))].sort()
      return { protocol, family, address, port, dualStack, processes, pids: [...new Set(pids)].sort((a, b) => a - b) }
    })
    .sort((a, b) => (listenerKey(a) < listenerKey(b) ? -1 : 1))
}

const program = findTool('ss')
if (!program) {
  t.comment('not compared: the program ss (package iproute2) is not installed')
  t.pass('there is nothing to compare with')
} else {
  t.test('the listeners of this machine are those that ss prints', async t => {
    const shared = await listen(t, { host: '127.0.0.1' })
    const child = await share(t, shared)
    const tcp4 = await listen(t, { host: '0.0.0.0' })
    const dual = await listen(t, { host: '::' })
    const only6 = await listen(t, { host: '::1' })
    const [pair4, pair6] = await listenPair(t)
    const udp = await Promise.all([
      bindUdp(t, 'udp4', '127.0.0.1'),
      bindUdp(t, 'udp4', '0.0.0.0'),
      bindUdp(t, 'udp6', '::1'),
      bindUdp(t, 'udp6', '::'),
    ])

    const run = await quietRun(program)
    // Whether a lone IPv6 socket refuses IPv4 is not in /proc (see below for our own); everything else must be equal.
    const withoutDualStack = (rows: readonly SsListener[]) => rows.map(({ dualStack: _dualStack, ...row }) => row)
    t.strictSame(withoutDualStack(run.seen), withoutDualStack(run.ss))

    const keys = new Set(run.seen.map(listenerKey))
    for (const server of [shared, tcp4, dual, only6, pair4, pair6]) {
      const { family, address, port } = server.address() as { family: string; address: string; port: number }
      t.ok(keys.has(`tcp ${family.toLowerCase()} ${address} ${port}`), `${address} ${port} is among them`)
    }
    for (const socket of udp) {
      const { family, address, port } = socket.address()
      t.ok(keys.has(`udp ${family.toLowerCase()} ${address} ${port}`), `udp ${address} ${port} is among them`)
    }
    const sharedRow = run.seen.find(({ port, address }) => port === portOf(shared) && address === '127.0.0.1')
    t.strictSame(
      sharedRow?.pids,
      [process.pid, child.pid].sort((a = 0, b = 0) => a - b),
      'both processes hold it',
    )
    const dualPorts = run.facts.listeners.filter(({ dualStack }) => dualStack).map(({ port }) => port)
    t.ok(dualPorts.includes(portOf(dual)))
    t.notOk(dualPorts.includes(portOf(pair6)), 'an IPv4 socket stands on the same port')
  })
}
