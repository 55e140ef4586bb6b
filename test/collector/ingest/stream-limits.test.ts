// What a stream may have under way, how many there may be, how long they may be silent, and how they end with a collector.
import t from 'tap'
import { smallState } from '../../small-facet.ts'
import { bodyOf, connectRawAgent, offerOf, refusal } from '../raw-agent.ts'
import { startTestCollector } from '../start-collector.ts'

t.test('offers beyond what a stream may have under way are put off, those behind them, too', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello()
  for (let sequence = 1; sequence <= 66; sequence++) {
    agent.send({ offer: offerOf(sequence, smallState({ flood: sequence })) })
  }
  const decisions: { readonly sequence: number; readonly kind: string; readonly retryAfterMs: number }[] = []
  for (let sequence = 1; sequence <= 66; sequence++) decisions.push(await agent.expect('decision'))
  t.ok(decisions.slice(0, 64).every(({ kind }) => kind === 'KIND_WANT_FULL'))
  t.match(decisions.slice(64), [
    { sequence: 65, kind: 'KIND_RETRY_LATER', retryAfterMs: 2_000 },
    { sequence: 66, kind: 'KIND_RETRY_LATER' },
  ])
  agent.send({ change: { sequence: 1, full: bodyOf(smallState({ flood: 1 })) } })
  t.equal((await agent.expect('ack')).sequence, 1)
  agent.send({ offer: offerOf(66, smallState({ flood: 66 })) })
  t.equal((await agent.expect('decision')).kind, 'KIND_RETRY_LATER', 'there is room, but 65 comes first')
  agent.send({ offer: offerOf(65, smallState({ flood: 65 })) })
  t.equal((await agent.expect('decision')).kind, 'KIND_WANT_FULL')
})

t.test('streams beyond the limit are refused and told when to come again', async t => {
  const small = await startTestCollector(t, { limits: { streams: 1 } })
  const one = connectRawAgent(t, small.grpcAddress)
  await one.hello()
  const two = connectRawAgent(t, small.grpcAddress)
  t.match(await two.expect('refusal'), { code: 'too_many_streams', retryAfterMs: 60_000 })
  t.match(await two.over, /RESOURCE_EXHAUSTED: more than 1 agents are connected/)
})

t.test('a stream that says nothing is ended', async t => {
  const impatient = await startTestCollector(t, { limits: { helloMs: 20 } })
  const agent = connectRawAgent(t, impatient.grpcAddress)
  t.match(await refusal(t, agent), { code: 'hello', detail: /in time/ })
})

t.test('a collector that shuts down says so, after it acknowledged what it took', async t => {
  const ending = await startTestCollector(t)
  const agent = connectRawAgent(t, ending.grpcAddress)
  await agent.hello()
  await agent.deliver(1, smallState({ a: 1 }))
  const closed = ending.close()
  t.match(await refusal(t, agent), { code: 'shutting_down' })
  await closed
})
