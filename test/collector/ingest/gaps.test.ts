// What an agent had to merge is kept and served as a gap; what it leaves out silently is refused.
import t from 'tap'
import { smallState } from '../../small-facet.ts'
import { connectRawAgent, offerOf } from '../raw-agent.ts'
import { startTestCollector } from '../start-collector.ts'

interface GapItem {
  readonly facet: string
  readonly from: string
  readonly to: string
  readonly changes: number
}

t.test('a gap is kept with the change that ended it', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello()
  const start = Date.now() - 60_000
  await agent.deliver(1, smallState({ a: 1 }), { observedAtMs: start })
  const merged = { gap: { changes: 7, fromMs: start + 10_000 }, previousSequence: 1, observedAtMs: start + 30_000 }
  await agent.deliver(9, smallState({ a: 2 }), merged)
  await agent.deliver(10, smallState({ a: 2 }), {
    gap: { changes: 2, fromMs: 0 },
    previousSequence: 9,
    observedAtMs: start + 50_000,
  })
  const { items } = await collector.get<{ items: readonly GapItem[] }>(`hosts/${hostId}/gaps`)
  t.match(items, [
    { facet: 'small', changes: 2 },
    { facet: 'small', changes: 7 },
  ])
  const [unchanged, changed] = items
  const seconds = ({ from = '', to = '' }: Partial<GapItem> = {}) => (Date.parse(to) - Date.parse(from)) / 1000
  t.equal(Math.round(seconds(changed)), 20)
  t.equal(Math.round(seconds(unchanged)), 20, 'a gap without a beginning begins with the state that it may have hidden')
  const { items: history } = await collector.get<{ items: readonly { validFrom: string }[] }>(
    `hosts/${hostId}/facets/small/history`,
  )
  t.equal(history.length, 2)
  t.equal(history[0]?.validFrom, changed?.to)
  t.same((await collector.get<{ items: unknown[] }>(`hosts/${hostId}/gaps?limit=1`)).items.length, 1)
  const unknown = await fetch(`${collector.base}/api/v1/hosts/nobody/gaps`)
  t.equal(unknown.status, 404)
})

t.test('a hole that nobody explains ends the stream', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello()
  await agent.deliver(1, smallState({ a: 1 }))
  agent.send({ offer: offerOf(4, smallState({ a: 2 }), { previousSequence: 3 }) })
  t.match(await agent.expect('refusal'), { code: 'sequence', detail: /4 follows 3, which never came/ })
})

t.test('a gap that is none is refused', async t => {
  const collector = await startTestCollector(t)
  for (const change of [
    { gap: { changes: 1, fromMs: -1 } },
    { gap: { changes: 2 ** 60, fromMs: 0 } },
    { previousSequence: 5 },
  ]) {
    const agent = connectRawAgent(t, collector.grpcAddress)
    await agent.hello()
    agent.send({ offer: offerOf(2, smallState({ a: 2 }), change) })
    t.match(await agent.expect('refusal'), { code: 'malformed' }, JSON.stringify(change))
  }
})
