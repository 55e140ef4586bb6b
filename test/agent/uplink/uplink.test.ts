// When the agent connects again, and through which proxies.
import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { type OpenChannel, plaintextChannel } from '../../../agent/uplink/channel.ts'
import { openDiskOutbox } from '../../../agent/uplink/outbox/disk-outbox.ts'
import { runUplink } from '../../../agent/uplink/uplink.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { type Clock, systemClock } from '../../../runtime/clock.ts'
import { GabionError } from '../../../runtime/errors.ts'
import { type Log, silentLog } from '../../../runtime/log.ts'
import { startTestCollector } from '../../collector/start-collector.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { startFaultProxy } from '../../fault-proxy.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'

interface Run {
  readonly openChannel: OpenChannel
  readonly clock?: Clock
  readonly log?: Log
  readonly random?: () => number
}

function startUplink(t: Pick<Test, 'teardown'>, directory: string, run: Run) {
  const outbox = openDiskOutbox(directory, silentLog)
  const current = new Map<string, FacetState>()
  const stop = new AbortController()
  const hello = { protocolVersion: 1, agentVersion: '0.1.0', hostKey: randomUUID(), outboxId: outbox.id, clockMs: 0 }
  const common = { clock: systemClock, log: silentLog, random: () => 0.001, ...run }
  const running = runUplink(
    {
      ...common,
      outbox,
      hello: () => hello,
      current: () => current,
      requeue: () => undefined,
      rescan: async () => undefined,
    },
    stop.signal,
  )
  t.teardown(async () => {
    stop.abort()
    await running
    outbox.close()
  })
  return {
    async change(value: number) {
      const state = smallState({ a: value })
      current.set('small', state)
      outbox.add(SmallFacet, state, systemClock.now(), false)
      await outbox.flushed()
    },
  }
}

t.test('waits longer each time, up to a minute, and spreads over all of it', async t => {
  const openChannel = () => {
    throw new GabionError('uplink', 'no way')
  }
  const directory = t.testdir({ 0.5: {}, 0.999999: {} })
  for (const [random, expected] of [
    [0.999_999, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]],
    [0.5, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]],
  ] as const) {
    const clock = createFakeClock()
    startUplink(t, `${directory}/${random}`, { openChannel, clock, random: () => random })
    const waits: number[] = []
    for (const _ of expected) {
      await settle()
      const [wait = 0] = clock.sleepers
      waits.push(wait)
      await clock.advance(wait)
    }
    t.same(waits, expected)
  }
})

t.test('only an acknowledgement makes the waits short again; a wish to stay away is added to', async t => {
  const collector = await startTestCollector(t, { dataDirectory: t.testdir({}) })
  const proxy = await startFaultProxy(t, collector.grpcAddress)
  const seen: { failures: number; delayMs: number }[] = []
  let ended = Promise.withResolvers<void>()
  const log: Log = {
    ...silentLog,
    info: message => message === 'connected' && queueMicrotask(connected),
    warn(_message, fields) {
      seen.push(fields as { failures: number; delayMs: number })
      ended.resolve()
      ended = Promise.withResolvers()
    },
  }
  let connected = () => proxy.cut('close')
  const directory = `${collector.dataDirectory}/agent`
  const agent = startUplink(t, directory, { openChannel: plaintextChannel(proxy.address), log })
  for (let end = 0; end < 3; end++) await ended.promise
  t.same(
    seen.map(({ failures }) => failures),
    [1, 2, 3],
    'connected and welcome, but nothing was acknowledged',
  )
  connected = () => undefined
  await agent.change(1)
  await collector.waitFor(async () => (await collector.store.read.bodyHead(smallState({ a: 1 }).digest)) !== undefined)
  const end = ended.promise
  await collector.close()
  await end
  t.match(seen.at(-1), { failures: 1 })
  t.ok((seen.at(-1)?.delayMs ?? 0) > 1_000, 'a collector that shuts down asks for a second')
})

t.test('goes through an HTTP proxy that the environment names, and comes again when it drops the idle', async t => {
  const directory = t.testdir({ agent: {}, collector: {} })
  const collector = await startTestCollector(t, { dataDirectory: `${directory}/collector` })
  const proxy = await startFaultProxy(t)
  process.env['grpc_proxy'] = `http://${proxy.address}`
  t.teardown(() => void delete process.env['grpc_proxy'])
  proxy.faults.idleMs = 100
  const agent = startUplink(t, `${directory}/agent`, { openChannel: plaintextChannel(collector.grpcAddress) })
  for (let value = 1; value <= 3; value++) {
    const before = proxy.asked.length
    await agent.change(value)
    const { digest } = smallState({ a: value })
    await collector.waitFor(async () => (await collector.store.read.bodyHead(digest)) !== undefined)
    while (proxy.asked.length === before) await systemClock.sleep(5)
  }
  t.same(new Set(proxy.asked), new Set([collector.grpcAddress]), 'each connection went through the proxy')
  const hosts = await collector.hosts()
  const { items } = await collector.get<{ items: unknown[] }>(`hosts/${hosts[0]?.id}/facets/small/history`)
  t.equal(items.length, 3, 'each change once')
})
