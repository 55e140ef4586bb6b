// What agents tell about themselves: at the API at once and after a restart, in lists in few words, and in metrics.
import t from 'tap'
import { smallState } from '../../../small-facet.ts'
import { fillFleet } from '../../fill-fleet.ts'
import { connectRawAgent, type RawAgent } from '../../raw-agent.ts'
import { startTestCollector, type TestCollector } from '../../start-collector.ts'
import { ask } from '../request.ts'

const startedAtMs = Date.UTC(2026, 10, 22, 8)
const probes = [
  { facet: 'ports', runs: 40, lastDurationMs: 3, longestDurationMs: 9 },
  { facet: 'ssh', runs: 4, failures: 2, failingRuns: 1, lastDurationMs: 10_000, slowdown: 2, wishedSeconds: 60 },
]
const health = {
  ...{ startedAtMs, nodeVersion: 'v24.1.0', rssBytes: 90_000_000, memoryLimitMib: 256, cpuMs: 5_000, cpuPermille: 12 },
  ...{ cpuLimitPermille: 100, loopDelayMs: 20, watches: 90, watchMisses: 1 },
}

async function tell(agent: RawAgent | undefined, told: object): Promise<void> {
  agent?.send({ heartbeat: { health: told } })
  await agent?.expect('heartbeatReply')
}

type Listed = { readonly items: readonly { readonly id: string; readonly agent: object }[] }
const listed = async (collector: TestCollector) =>
  (await collector.get<Listed>('hosts')).items.map(({ agent }) => agent)

t.test('a report is served at once and survives a restart of the collector', async t => {
  const dataDirectory = t.testdir({})
  const first = await startTestCollector(t, { dataDirectory })
  const [one, two, three] = await fillFleet(t, first, 3)
  const unknown = { state: 'unknown', limits: [], failingProbes: [], reportedAt: '' }
  t.same(await listed(first), [unknown, unknown, unknown])
  t.equal((await fetch(`${first.base}/api/v1/hosts/${one?.id}/health`)).status, 404)
  t.equal((await fetch(`${first.base}/api/v1/hosts/nobody/health`)).status, 404)

  await tell(one?.agent, { ...health, probes: probes.slice(0, 1) })
  await tell(two?.agent, { ...health, probes, limits: ['LIMIT_DEADLINE'], reloadError: 'agent.yaml: unknown key' })
  await tell(three?.agent, { ...health, limits: ['LIMIT_CPU'], slowdown: 8 })

  const check = async (collector: TestCollector) => {
    t.match(await listed(collector), [
      { state: 'ok', limits: [], failingProbes: [], reportedAt: /^20/ },
      { state: 'failing', limits: ['deadline'], failingProbes: ['ssh'] },
      { state: 'limited', limits: ['cpu'], failingProbes: [] },
    ])
    t.match(await collector.get(`hosts/${three?.id}`), { agent: { state: 'limited', limits: ['cpu'] } })
    const report = await collector.get<Record<string, unknown>>(`hosts/${two?.id}/health`)
    t.match(report, { hostId: two?.id, agentVersion: '0.1.0', state: 'failing', reportedAt: /^20/ })
    t.match(report, {
      ...{ startedAt: '2026-11-22T08:00:00.000Z', nodeVersion: 'v24.1.0', rssBytes: 90_000_000, memoryLimitMib: 256 },
      ...{ cpuMs: 5_000, cpuPermille: 12, cpuLimitPermille: 100, loopDelayMs: 20, slowdown: 1 },
      outbox: { entries: 0, bytes: 0, oldestAt: '' },
      watches: { directories: 90, refused: 0, misses: 1 },
      reloadError: 'agent.yaml: unknown key',
      probes: [
        { facet: 'ports', runs: 40, failures: 0, failingRuns: 0, longestDurationMs: 9, slowdown: 1, wishedSeconds: 0 },
        { facet: 'ssh', runs: 4, failures: 2, failingRuns: 1, lastDurationMs: 10_000, slowdown: 2, wishedSeconds: 60 },
      ],
    })
  }
  await check(first)
  await first.close()
  const second = await startTestCollector(t, { dataDirectory })
  await check(second)
})

t.test('what was answered before is not sent again', async t => {
  const collector = await startTestCollector(t)
  const [one] = await fillFleet(t, collector, 1)
  await tell(one?.agent, health)
  const get = (headers = {}) => ask(collector.httpAddress, `/api/v1/hosts/${one?.id}/health`, { headers })
  const again = { 'if-none-match': String((await get()).headers['etag']) }
  t.equal((await get(again)).status, 304)
  await tell(one?.agent, { ...health, cpuMs: 6_000 })
  t.equal((await get(again)).status, 200)
})

t.test('metrics count connected agents', async t => {
  const collector = await startTestCollector(t)
  const [one, two] = await fillFleet(t, collector, 2)
  await tell(one?.agent, { ...health, probes })
  await tell(two?.agent, { ...health, limits: ['LIMIT_CPU', 'LIMIT_MEMORY'], reloadError: 'x' })
  const text = async () => (await fetch(`${collector.base}/metrics`)).text()
  const metrics = await text()
  for (const line of [
    'gabion_agents{version="0.1.0"} 2',
    'gabion_limited_agents{limit="cpu"} 1',
    'gabion_limited_agents{limit="memory"} 1',
    'gabion_failing_probes{facet="ssh"} 1',
    'gabion_agents_not_reloaded 1',
  ]) {
    t.ok(metrics.includes(`\n${line}\n`), line)
  }
  await tell(one?.agent, { ...health, probes: probes.slice(0, 1) })
  t.notMatch(await text(), /gabion_failing_probes\{/, 'what is over is no series any more')
})

t.test('health that is none ends the stream', async t => {
  const collector = await startTestCollector(t)
  const [one] = await fillFleet(t, collector, 1)
  one?.agent.send({ heartbeat: { health: { probes: [{ facet: '<b>' }] } } })
  t.match(await one?.agent.expect('refusal'), { code: 'malformed' })
})

t.test('the clock of a heartbeat corrects the times of the changes after it', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const hour = 3_600_000
  const { hostId } = await agent.hello()
  await agent.deliver(1, smallState({ a: 1 }), { observedAtMs: Date.now() - 2 * hour })
  agent.send({ heartbeat: { clockMs: Date.now() - hour } })
  await agent.expect('heartbeatReply')
  await agent.deliver(2, smallState({ a: 2 }), { observedAtMs: Date.now() - hour, previousSequence: 1 })
  const { since } = await collector.get<{ since: string }>(`hosts/${hostId}/facets/small`)
  t.ok(Date.parse(since) > Date.now() - hour / 2, `${since}: the agent's clock is an hour late, the change is new`)
  agent.send({ heartbeat: { clockMs: -1 } })
  t.match(await agent.expect('refusal'), { code: 'malformed' })
})
