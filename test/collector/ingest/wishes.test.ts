// Intervals that are wished of agents: with the welcome, on a change to those it concerns, and with each exchange.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import { decodeResponses, encodeRequests, exchangePath, exchangeType } from '../../../proto/exchange.ts'
import { connectRawAgent, helloOf } from '../raw-agent.ts'
import { startTestCollector } from '../start-collector.ts'

const rule = (labels: Record<string, string>, ports: number) => ({ labels, facets: { ports } })
const wish = (ports: number) => ({ probeSeconds: { ports }, defaultProbeSeconds: 0, heartbeatSeconds: 0 })

const collector = await startTestCollector(t, {
  intervals: [rule({ role: 'db' }, 30)],
  exchange: { host: '127.0.0.1', port: 0 },
})

t.test('a change reaches those that it concerns, once, and an end of wishes too', async t => {
  const [db, web] = [connectRawAgent(t, collector.grpcAddress), connectRawAgent(t, collector.grpcAddress)]
  t.same((await db.hello({ labels: { role: 'db' } })).settings, wish(30))
  t.same((await web.hello({ labels: { role: 'web' } })).settings, null)

  collector.setIntervals([rule({ role: 'db' }, 30), rule({ role: 'web' }, 40)])
  t.same(await web.expect('settings'), wish(40))
  collector.setIntervals([rule({ role: 'db' }, 50), rule({ role: 'web' }, 40)])
  t.same(await db.expect('settings'), wish(50))
  collector.setIntervals([])
  t.same(await db.expect('settings'), { probeSeconds: {}, defaultProbeSeconds: 0, heartbeatSeconds: 0 })
  t.same(await web.expect('settings'), { probeSeconds: {}, defaultProbeSeconds: 0, heartbeatSeconds: 0 })
  collector.setIntervals([])
  for (const agent of [db, web]) {
    agent.send({ heartbeat: {} })
    t.ok(await agent.expect('heartbeatReply'), 'and nothing else was said')
  }
})

t.test('each exchange is told what is wished now', async t => {
  const hello = helloOf({ hostKey: randomUUID(), labels: { role: 'db' } })
  const exchange = async () => {
    const url = `http://${collector.exchangeAddress}${exchangePath}`
    const headers = { 'content-type': exchangeType }
    const response = await fetch(url, { method: 'POST', headers, body: encodeRequests([{ hello }]) })
    const [first] = decodeResponses(Buffer.from(await response.arrayBuffer()))
    return first?.welcome?.settings
  }
  t.same(await exchange(), null)
  collector.setIntervals([rule({}, 70)])
  t.same(await exchange(), wish(70))
})
