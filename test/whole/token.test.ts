// The agent's own uplink with a projected token: what rotates is read anew for every connection.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { tokenChannel } from '../../agent/uplink/channel.ts'
import { openDiskOutbox } from '../../agent/uplink/outbox/disk-outbox.ts'
import { runUplink } from '../../agent/uplink/uplink.ts'
import { openAuthority } from '../../collector/auth/pki/authority.ts'
import { protocolVersion } from '../../proto/wire.ts'
import { systemClock } from '../../runtime/clock.ts'
import { type Log, silentLog } from '../../runtime/log.ts'
import { type KubernetesApi, serveKubernetesApi } from '../collector/kubernetes-api.ts'
import { startTestCollector } from '../collector/start-collector.ts'
import { createFakeClock } from '../fake-clock.ts'
import { freePort } from '../free-port.ts'
import { SmallFacet, smallState } from '../small-facet.ts'

/** Runs the uplink until the test ends; its pauses are passed at once when `hurry` is called. */
function runAgent(t: Test, directory: string, address: string, nodeName: string) {
  const clock = createFakeClock(Date.now())
  const lines: string[] = []
  const waiting: { readonly text: string; readonly resolve: () => void }[] = []
  const hear = (text: string) => {
    lines.push(text)
    for (const one of waiting.filter(({ text: wanted }) => text.includes(wanted))) one.resolve()
  }
  const log: Log = {
    ...silentLog,
    info: message => hear(message),
    warn: (message, fields) => hear(`${message}: ${fields?.['reason']}`),
  }
  const files = { token: join(directory, 'token'), authorities: join(directory, 'ca.crt') }
  const outbox = openDiskOutbox(join(directory, 'state'), silentLog)
  const state = smallState({ a: 1 })
  outbox.add(SmallFacet, state, Date.now(), true)
  const ended = new AbortController()
  const hello = () => ({
    ...{ protocolVersion, agentVersion: '0.1.0', hostKey: '2c6a1f0e-6a3b-4f83-9c9c-0b8fd7a0a111' },
    ...{ outboxId: outbox.id, clockMs: Date.now(), nodeName, hostname: nodeName, machineId: 'm', bootId: 'b' },
  })
  const done = runUplink(
    {
      ...{ outbox, hello, clock, log, current: () => new Map([['small', state]]), requeue: () => undefined },
      ...{ rescan: async () => undefined, random: () => 0.5 },
      openChannel: tokenChannel(address, files.token, files.authorities),
    },
    ended.signal,
  )
  t.teardown(async () => {
    ended.abort()
    await done
    outbox.close()
  })
  return {
    files,
    lines,
    outbox,
    async pause() {
      while (clock.sleepers.length === 0) await new Promise(resolve => setImmediate(resolve))
      return clock.sleepers[0] ?? 0
    },
    /** The pause is over, and no more time passes: a stream that is opened has a minute of this clock. */
    async hurry() {
      const [ms = 0] = clock.sleepers
      await clock.advance(ms)
    },
    heard: (text: string) => new Promise<void>(resolve => waiting.push({ text, resolve })),
  }
}

async function start(t: Test) {
  const directory = t.testdir({ api: {}, agent: { state: {} }, collector: {} })
  const api = await serveKubernetesApi(t, join(directory, 'api'))
  const port = await freePort()
  const cluster = {
    ...{ name: 'local', apiServer: api.url, caFile: api.caFile, tokenFile: api.tokenFile, issuer: '' },
    ...{ audience: 'gabion-collector', serviceAccounts: ['gabion:gabion-agent'], publishNamespace: '' },
  }
  const tls = { enrolled: { host: '127.0.0.1', port: 0 }, names: ['localhost'], clusters: [cluster] }
  const serve = () =>
    startTestCollector(t, {
      ...{ tls, grpc: { host: '127.0.0.1', port }, dataDirectory: join(directory, 'collector') },
    })
  const collector = await serve()
  const authority = await openAuthority(collector.dataDirectory, systemClock)
  const agent = join(directory, 'agent')
  const put = (token: string) => {
    writeFileSync(join(agent, 'token'), token)
    writeFileSync(join(agent, 'ca.crt'), authority.certificates)
  }
  return { api, collector, serve, directory, agent, put, address: `localhost:${port}` }
}

const reviews = (api: KubernetesApi) => api.requests.filter(request => request.startsWith('POST ')).length

t.test('a token that was rotated is the one that the next connection shows', async t => {
  const { api, collector, serve, agent, put, address } = await start(t)
  put(api.mint({ lifeMs: 3_000 }))
  const { heard, hurry, lines } = runAgent(t, agent, address, 'node-a')
  await heard('connected')
  t.match(await collector.hosts(), [{ hostKey: `kubernetes:local/${api.nodes.get('node-a')}` }])
  put(api.mint())
  const over = heard('stream to the collector ended')
  await collector.close()
  await over
  const connected = heard('connected')
  const again = await serve()
  await hurry()
  await connected
  t.equal(reviews(api), 2, 'the new collector had the new token reviewed')
  t.equal((await again.hosts()).length, 1, `${lines}`)
})

t.test('until token and CA bundle are there the agent waits, and then connects', async t => {
  const { api, agent, put, address } = await start(t)
  const { heard, hurry, files, lines } = runAgent(t, agent, address, 'node-a')
  while (lines.length === 0) await new Promise(resolve => setImmediate(resolve))
  t.match(lines[0], /token: cannot be read \(ENOENT\)/)
  put(api.mint())
  rmSync(files.authorities)
  const missing = heard('ca.crt: cannot be read')
  await hurry()
  await missing
  const connected = heard('connected')
  put(api.mint())
  await hurry()
  await connected
  t.equal(reviews(api), 1)
})

t.test('a collector of another CA is shown no token', async t => {
  const { api, agent, put, address, directory } = await start(t)
  const stranger = await openAuthority(join(directory, 'api'), systemClock)
  put(api.mint())
  writeFileSync(join(agent, 'ca.crt'), stranger.certificates)
  const { heard } = runAgent(t, agent, address, 'node-a')
  await heard('stream to the collector ended')
  t.equal(reviews(api), 0)
})

t.test('an agent that says it runs elsewhere is told so, and stays away for a minute', async t => {
  const { api, collector, agent, put, address } = await start(t)
  put(api.mint())
  const { heard, pause } = runAgent(t, agent, address, 'node-b')
  await heard('refused: identity: the token is of node node-a, the agent claims to run on another')
  const ms = await pause()
  t.ok(ms >= 60_000 && ms <= 120_000, `${ms} ms`)
  t.same(await collector.hosts(), [])
})
