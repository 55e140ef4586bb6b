// A host whose clock is a day off, in either direction, is heard like any other.
import t from 'tap'
import { smallState } from '../../small-facet.ts'
import { connectRawAgent, offerOf } from '../raw-agent.ts'
import { startTestCollector } from '../start-collector.ts'

const dayMs = 86_400_000
const minuteMs = 60_000

interface Host {
  readonly connected: boolean
  readonly sync: { readonly state: string; readonly behindMs: number; readonly queuedChanges: number }
}

for (const [direction, skewMs] of [
  ['behind', -dayMs],
  ['ahead', dayMs],
] as const) {
  t.test(`a clock that is a day ${direction} shifts no change and makes nobody catch up`, async t => {
    const collector = await startTestCollector(t)
    const agent = connectRawAgent(t, collector.grpcAddress)
    const hostNow = () => Date.now() + skewMs
    const { hostId } = await agent.hello({ clockMs: hostNow() })
    await agent.deliver(1, smallState({ a: 1 }), { observedAtMs: hostNow(), baseline: true })
    await agent.deliver(2, smallState({ a: 2 }), { observedAtMs: hostNow() })
    const [row] = await collector.drift()
    t.ok(Math.abs(Date.parse(row?.at ?? '') - Date.now()) < minuteMs, `drift at ${row?.at}`)
    t.match(await collector.get(`hosts/${hostId}`), { connected: true, sync: { state: 'current', queuedChanges: 0 } })

    agent.send({
      offer: offerOf(3, smallState({ a: 3 }), { observedAtMs: hostNow() - 5 * minuteMs, queuedChanges: 7 }),
    })
    await agent.expect('decision')
    const { sync } = await collector.get<Host>(`hosts/${hostId}`)
    t.match(sync, { state: 'catching-up', queuedChanges: 8 })
    t.ok(sync.behindMs > 4 * minuteMs && sync.behindMs < 6 * minuteMs, `${sync.behindMs} ms behind`)
  })
}

t.test('what is queued is told in numbers and times, or the stream ends', async t => {
  const collector = await startTestCollector(t)
  for (const odd of [{ queuedChanges: 2 ** 60 }, { oldestQueuedMs: -1 }, { oldestQueuedMs: 2 ** 60 }]) {
    const agent = connectRawAgent(t, collector.grpcAddress)
    await t.rejects(agent.hello(odd), /"code":"hello"/, JSON.stringify(odd))
  }
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello()
  agent.send({ offer: offerOf(1, smallState({ a: 1 }), { queuedChanges: 2 ** 60 }) })
  t.match(await agent.expect('refusal'), { code: 'malformed', detail: /queued_changes/ })
})
