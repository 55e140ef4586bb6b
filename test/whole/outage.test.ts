// A day without the collector, by a clock that the test moves: afterwards everything comes in order and not at once, and
// the host is shown as catching up until it is current.
import { join } from 'node:path'
import t from 'tap'
import { plaintextChannel } from '../../agent/uplink/channel.ts'
import { type Log, silentLog } from '../../runtime/log.ts'
import { startTestCollector } from '../collector/start-collector.ts'
import { createFakeClock, settle } from '../fake-clock.ts'
import { startFaultProxy } from '../fault-proxy.ts'
import { smallStateOf, startSmallUplink } from '../small-uplink.ts'
import { isComplete, readHistory } from './history.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** How often the host changes. */
const everyMs = 4 * minuteMs
/** Of an agent: so many changes at once, and then so many a second. */
const [atOnce, aSecond] = [64, 50]

interface Sync {
  readonly state: string
  readonly behindMs: number
  readonly queuedChanges: number
}

interface Host {
  readonly id: string
  readonly connected: boolean
  readonly sync?: Sync
}

t.test('24 hours of outage with changes, then reconnect', { timeout: 120_000 }, async t => {
  const directory = t.testdir({ agent: {}, collector: {} })
  const [here, there] = [createFakeClock(), createFakeClock()]
  /** The same for both: no clock is wrong here. */
  const pass = async (ms: number) => {
    await there.advance(ms)
    await here.advance(ms)
  }
  const collector = await startTestCollector(t, { dataDirectory: join(directory, 'collector'), clock: there })
  const proxy = await startFaultProxy(t, collector.grpcAddress)
  /** When it tries again, said before each pause. */
  let triesAtMs = 0
  const warn: Log['warn'] = (_, fields) => {
    if (fields?.['delayMs'] !== undefined) triesAtMs = here.now() + Number(fields['delayMs'])
  }
  const agent = startSmallUplink({
    ...{ directory: join(directory, 'agent'), openChannel: plaintextChannel(proxy.address) },
    ...{ clock: here, random: () => 0.999, log: { ...silentLog, warn } },
  })
  t.teardown(agent.stop)
  const host = async () => (await collector.get<{ items: readonly Host[] }>('hosts')).items[0]
  const page = async () => (await fetch(`${collector.base}/`)).text()
  const queued = async () => (await host())?.sync?.queuedChanges
  const until = async (what: string, holds: () => Promise<boolean>) => {
    const deadline = performance.now() + 60_000
    while (!(await holds())) {
      if (performance.now() > deadline) throw new Error(`${what}: not within a minute; ${JSON.stringify(await host())}`)
      await settle()
    }
  }

  agent.change()
  const isHere = async (value: number) =>
    (await collector.store.read.bodyHead(smallStateOf(value).digest)) !== undefined
  await until('the first change', async () => (await isHere(1)) && agent.outbox.size === 0)
  t.same((await host())?.sync, { state: 'current', behindMs: 0, queuedChanges: 0 })
  t.match(await page(), /<td>now<\/td>/)

  proxy.faults.refuse = true
  proxy.cut('reset')
  await until('gone', async () => (await host())?.connected === false)
  t.notOk('sync' in ((await host()) ?? {}), 'of a host that is not connected nobody knows')
  await pass(minuteMs)
  const begun = here.now()
  for (let passed = 0; passed < dayMs; passed += everyMs) {
    agent.change()
    await pass(everyMs)
  }
  const changes = agent.outbox.size
  t.equal(changes, 360)
  t.ok(proxy.accepted > 20, `the agent tried again all day: ${proxy.accepted} times`)

  proxy.faults.refuse = false
  await until('connected', async () => {
    // What is left of the pause, to the millisecond: time does not pass while a stream is opened.
    if ((await host())?.connected === true) return true
    await pass(Math.max(0, triesAtMs - here.now()))
    return false
  })
  // No time passes any more: what comes now is what comes at once.
  let first = await host()
  let came = 0
  await until('nothing under way', async () => {
    first = await host()
    came = changes - (first?.sync?.queuedChanges ?? 0)
    // Behind by the age of the last change that came; the clocks are compared when a stream begins, not when it is there.
    const age = here.now() - begun - (came - 1) * everyMs
    // The collector has it before the agent knows: what was acknowledged too late would count for the next second.
    const isKnown = came >= atOnce && agent.outbox.size === changes - came
    return isKnown && Math.abs((first?.sync?.behindMs ?? 0) - age) <= minuteMs
  })
  t.equal(came, atOnce, 'changes that came at once')
  t.equal(first?.sync?.state, 'catching-up')
  const lagMs = first?.sync?.behindMs ?? 0
  t.match(
    await page(),
    new RegExp(`catching up: <b>${Math.floor(lagMs / 3_600_000)} h</b> behind, ${changes - came} changes`),
  )
  t.match(await page(), /1 connected, 1 catching up/)
  t.match(await collector.get('summary'), { hosts: { total: 1, connected: 1, catchingUp: 1 } })
  t.match(await collector.get('hosts?state=catching-up'), { items: [{ id: first?.id, connected: true }] })
  t.match(await collector.get(`hosts/${first?.id}`), { sync: first?.sync })
  t.match(await (await fetch(`${collector.base}/metrics`)).text(), /^gabion_catching_up_agents 1$/m)

  let before = agent.outbox.size
  let lag = lagMs
  for (let second = 0; before > 0; second++) {
    if (second > changes / aSecond) throw new Error(`${before} changes are still there after ${second} s`)
    await pass(1_000)
    const wanted = Math.max(0, before - aSecond)
    await until('a second’s worth', async () => agent.outbox.size <= wanted)
    await settle()
    t.equal(agent.outbox.size, wanted, `second ${second}: ${before - agent.outbox.size} came`)
    before = agent.outbox.size
    const behindMs = (await host())?.sync?.behindMs ?? 0
    t.ok(behindMs < lag, `${Math.round(behindMs / minuteMs)} minutes behind`)
    lag = behindMs
  }
  await until('current', async () => (await queued()) === 0)
  t.same((await host())?.sync, { state: 'current', behindMs: 0, queuedChanges: 0 })
  t.match(await page(), /<td>now<\/td>/)
  t.same(await collector.get('hosts?state=catching-up'), { items: [] })

  await agent.stop()
  t.ok(await collector.store.read.bodyHead(smallStateOf(changes + 1).digest), 'the last change is here')
  const history = readHistory(join(collector.dataDirectory, 'collector.db'))
  isComplete(t, history)
  t.equal(history.rows.length, changes + 1, 'each change once')
  t.equal(history.gaps.size, 0, 'and none was merged')
})
