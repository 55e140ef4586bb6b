// Two collectors as the overlay for PostgreSQL runs them, on a real server: one CA, one fleet, and one takes over.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { freePort } from '../free-port.ts'
import { runBin } from '../run-bin.ts'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { kustomized } from './rendered.ts'
import { type PodPlan, type ReplicaPod, startPod } from './replica-pod.ts'

const root = join(import.meta.dirname, '../..')
const fixture = join(root, 'test/fixtures/hosts/debian12-minimal/root')
const manifests = kustomized('deploy/kubernetes/overlays/postgres')

/** Connections to the Service's address go to the pods that are ready. */
async function openService(t: Test, ports: readonly number[], target: () => string): Promise<void> {
  for (const port of ports) {
    const open = new Set<Socket>()
    const server = createServer(socket => {
      const onwards = connect(port, target())
      for (const [one, other] of [
        [socket, onwards],
        [onwards, socket],
      ] as const) {
        open.add(one)
        one.on('error', () => other.destroy()).on('close', () => other.destroy())
        one.pipe(other)
      }
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => {
      for (const socket of open) socket.destroy()
      server.close()
    })
  }
}

interface Hosts {
  readonly items: readonly { readonly id: string; readonly connected: boolean }[]
}

async function until<T>(what: string, log: () => string, ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; ) {
    const found = await ask()
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`${what}: not within two minutes\n${log()}`)
}

const seen = (pod: ReplicaPod, token: string) => async () => {
  const hosts = await pod.get<Hosts>('hosts', token)
  return hosts?.items[0]?.connected === true ? hosts.items[0] : undefined
}

const why = whyNoPostgres() ?? (process.getuid?.() === 0 ? undefined : 'needs root to run as the users of the pods')
const skip = why ?? false
t.test('two replicas are one collector to agents and to the API', { skip, timeout: 400_000 }, async t => {
  const place = mkdtempSync(join(tmpdir(), 'gabion-replicas-'))
  chmodSync(place, 0o755)
  t.teardown(() => rmSync(place, { recursive: true, force: true }))
  execFileSync(process.execPath, [join(root, 'scripts/build.ts'), join(place, 'dist')])
  const server = await startPostgres(t)
  const [, start = '', password = '', end = ''] = /^(.*\/\/\w+):(\w+)(@.*)$/.exec(await server.database()) ?? []
  const pki = join(place, 'secret-pki')
  t.match(await runBin('collector', ['ca', 'create', '--output', pki]), { code: 0 })
  const [http, grpc, enrolled, exchange] = await Promise.all([1, 2, 3, 4].map(() => freePort()))
  const ports = { http, grpc, enrolled, exchange } as PodPlan['ports']
  const pod = (name: string, address: string) => {
    mkdirSync(join(place, name))
    const secrets = { url: `${start}${end}`, password, pki }
    return startPod(t, { manifests, place: join(place, name), address, ports, secrets })
  }
  const [one, other] = [pod('one', '127.0.0.2'), pod('other', '127.0.0.3')]
  await Promise.all([one.serving, other.serving])
  t.pass('both serve, from a database that neither had made before')
  for (const { log } of [one, other]) t.notMatch(log(), /gabion_[0-9a-f]{10}_/, 'no token is in a log')

  const token = one.exec('api-token', 'create', '--role', 'viewer', '--description', 'me').trim()
  t.match(await other.get('hosts', token), { items: [] }, 'what one made the other knows')
  const pins = [one, other].map(({ exec }) => exec('ca', 'show').trim())
  t.match(pins[0], /: the one of the database$/)
  t.equal(pins[1], pins[0])

  let ready = '127.0.0.2'
  await openService(t, [ports.grpc, ports.enrolled], () => ready)
  const state = join(place, 'agent')
  const string = other.exec('token', 'create', '--endpoint', `localhost:${ports.grpc}`)
  const done = await runBin('agent', ['enroll', '-', '--state-dir', state], { input: string })
  t.equal(done.code, 0, done.stderr)
  const agent = spawn(
    process.execPath,
    [join(root, 'agent/bin/gabion-agent.js'), 'run', '--state-dir', state, '--root', fixture],
    { stdio: 'ignore' },
  )
  t.teardown(() => agent.kill('SIGKILL'))
  const before = await until('the host is connected to the first', one.log, seen(one, token))

  ready = '127.0.0.3'
  one.child.kill('SIGKILL')
  await once(one.child, 'exit')
  // What the one that was killed told of its streams is believed for a while: this is a stream of the other's own.
  const isTaken = async () => (other.log().includes('"agent connected"') ? true : undefined)
  await until('the agent is with the other', other.log, isTaken)
  const after = await until('and the API tells so', other.log, seen(other, token))
  t.equal(after.id, before.id, 'the same host, by the certificate that the first had signed')
  t.ok(existsSync(join(state, 'credential.json')))
  t.equal(agent.exitCode, null)
})
