// A host that changes all the time, behind a network that breaks in every way: each change is at the collector once
// and in order, or a recorded gap covers it.
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type OpenChannel, plaintextChannel } from '../../agent/uplink/channel.ts'
import { systemClock } from '../../runtime/clock.ts'
import { startTestCollector } from '../collector/start-collector.ts'
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts'
import { startSmallUplink } from '../small-uplink.ts'
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
  const agent = startAgent(t, join(directory, 'agent'), plaintextChannel(proxy.address))
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
  const last = agent.stopChanging()
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

/** A host that changes all the time, for as long as its outbox is not too long. */
function startAgent(t: Pick<Test, 'teardown'>, directory: string, openChannel: OpenChannel) {
  const uplink = startSmallUplink({ directory, openChannel, keepaliveMs: 300 })
  let last = uplink.change()
  const timer = setInterval(() => {
    if (uplink.outbox.size < 40) last = uplink.change()
  }, 5)
  const stopChanging = () => {
    clearInterval(timer)
    return last
  }
  const stop = () => {
    stopChanging()
    return uplink.stop()
  }
  t.teardown(stop)
  return { stopChanging, stop }
}
