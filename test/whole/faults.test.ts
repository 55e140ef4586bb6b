// A host that changes all the time, behind a network that breaks in every way: each change is at the collector once
// and in order, or a recorded gap covers it.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type OpenChannel, plaintextChannel } from '../../agent/uplink/channel.ts'
import { openDiskOutbox } from '../../agent/uplink/outbox/disk-outbox.ts'
import { runUplink } from '../../agent/uplink/uplink.ts'
import type { FacetState } from '../../proto/facet.ts'
import { systemClock } from '../../runtime/clock.ts'
import { silentLog } from '../../runtime/log.ts'
import { startTestCollector } from '../collector/start-collector.ts'
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts'
import { SmallFacet, smallState } from '../small-facet.ts'
import { isComplete, readHistory } from './history.ts'

const times = process.env['GABION_FULL'] === '1' ? 20 : 3

const faults: Readonly<Record<string, (proxy: FaultProxy, arrived: () => Promise<void>) => Promise<void>>> = {
  async 'a connection that is closed'(proxy) {
    proxy.cut('close')
  },
  async 'a connection that is reset'(proxy) {
    proxy.cut('reset')
  },
  async 'a collector that cannot be reached for a while'(proxy) {
    proxy.faults.refuse = true
    proxy.cut('reset')
    const before = proxy.accepted
    while (proxy.accepted < before + 2) await systemClock.sleep(5)
    proxy.faults.refuse = false
  },
  async 'a connection that stays open and passes nothing on'(proxy) {
    proxy.freeze()
  },
  async 'a slow way'(proxy, arrived) {
    proxy.faults.delayMs = 20
    await arrived()
    proxy.cut('close')
    await arrived()
    delete proxy.faults.delayMs
    proxy.cut('close')
  },
}

t.test('nothing is lost, nothing comes twice, however the network breaks', { timeout: 300_000 }, async t => {
  const directory = t.testdir({ agent: {}, collector: {} })
  const collector = await startTestCollector(t, { dataDirectory: join(directory, 'collector') })
  const proxy = await startFaultProxy(t, collector.grpcAddress)
  const agent = await startAgent(t, join(directory, 'agent'), plaintextChannel(proxy.address))
  const latest = async () => (await collector.drift())[0]?.id ?? 0
  /** Something happened at the host after this and is at the collector. */
  const arrived = async () => {
    const before = await latest()
    await collector.waitFor(async () => (await latest()) > before, AbortSignal.timeout(60_000))
  }
  await arrived()
  for (const [name, fault] of Object.entries(faults)) {
    for (let count = 0; count < times; count++) {
      await fault(proxy, arrived)
      await arrived()
    }
    t.pass(`${times} times ${name}`)
  }
  const last = await agent.stopChanging()
  await collector.waitFor(async () => {
    const { items } = await collector.get<{ items: readonly { id: string }[] }>('hosts')
    const { facts } = await collector.get<{ facts: { rows: readonly { name: string; value: number }[] } }>(
      `hosts/${items[0]?.id}/facets/small`,
    )
    return facts.rows.some(({ name, value }) => name === 'a' && value === last)
  }, AbortSignal.timeout(60_000))
  await agent.stop()
  const history = readHistory(join(collector.dataDirectory, 'collector.db'))
  isComplete(t, history)
  t.equal(history.rows.at(-1)?.value, last)
  t.ok(history.rows.length > 20, `${history.rows.length} of ${last} changes came one by one`)
})

/** The real outbox and uplink over a value that goes up by one all the time. */
async function startAgent(t: Pick<Test, 'teardown'>, directory: string, openChannel: OpenChannel) {
  const outbox = openDiskOutbox(directory, silentLog)
  const current = new Map<string, FacetState>()
  const hostKey = randomUUID()
  const stop = new AbortController()
  let value = 0
  const change = () => {
    value++
    const state = smallState({ a: value, b: value % 3 })
    current.set('small', state)
    outbox.add(SmallFacet, state, systemClock.now(), value === 1)
  }
  change()
  const uplink = runUplink(
    {
      ...{ openChannel, outbox, clock: systemClock, log: silentLog, keepaliveMs: 300 },
      hello: () => ({
        ...{ protocolVersion: 1, agentVersion: '0.1.0', hostKey, hostname: 'h', machineId: '', bootId: '' },
        ...{ outboxId: outbox.id, clockMs: systemClock.now(), labels: {} },
      }),
      current: () => current,
      requeue: gap => {
        for (const state of current.values()) outbox.repeat(SmallFacet, state, systemClock.now(), gap)
      },
      rescan: async () => undefined,
      // A fast reconnect: what is tested is what is lost, not how long it takes.
      random: () => 0.001,
    },
    stop.signal,
  )
  let timer: NodeJS.Timeout | undefined = setInterval(() => {
    if (outbox.size < 40) change()
  }, 5)
  const stopChanging = async () => {
    clearInterval(timer)
    timer = undefined
    await outbox.flushed()
    return value
  }
  const stopAll = async () => {
    if (stop.signal.aborted) return
    await stopChanging()
    stop.abort()
    await uplink
    outbox.close()
  }
  t.teardown(stopAll)
  return { stopChanging, stop: stopAll }
}
