// Nodes of a cluster through the whole collector: their labels at the API, who retires, who comes back.
import t from 'tap'
import { createFakeClock } from '../../fake-clock.ts'
import { smallState } from '../../small-facet.ts'
import { until } from '../../until.ts'
import type { RawAgent } from '../raw-agent.ts'
import type { TestCollector } from '../start-collector.ts'
import { startInCluster } from '../start-in-cluster.ts'

const watched = { watchNodes: true, retireAfterMinutes: 10 } as const
const a = { hostname: 'a', nodeName: 'node-a' } as const

const names = async ({ get }: TestCollector, query: string) => {
  const { items } = await get<{ items: { hostname: string }[] }>(`hosts?${query}`)
  return items.map(({ hostname }) => hostname)
}

const untilLabelled = (collector: TestCollector, query: string, expected: readonly string[]) =>
  until(async () => (await names(collector, query)).join() === expected.join())

t.test('labels of a node are labels of its host, at once and when they change', async t => {
  const { api, collector, connect } = await startInCluster(t, watched)
  api.nodeStore.label('node-a', {
    'kubernetes.io/os': 'linux',
    team: 'web',
    'node-role.kubernetes.io/control-plane': '',
  })
  await until(async () => api.nodeStore.watching === 1)
  await connect(api.mint()).hello({
    ...a,
    labels: { team: 'mine', own: '1', 'topology.kubernetes.io/zone': 'x', 'gabion.io/role': 'x', 'a.k8s.io/b': 'x' },
  })
  await untilLabelled(collector, 'label=team%3Dweb', ['a'])
  t.match(await collector.hosts(), [
    {
      labels: {
        ...{ 'gabion.io/cluster': 'local', 'gabion.io/role': 'control-plane', 'kubernetes.io/os': 'linux' },
        ...{ 'node-role.kubernetes.io/control-plane': '', own: '1', team: 'web' },
      },
    },
  ])
  t.equal(Object.keys((await collector.hosts())[0]?.labels ?? {}).length, 6, 'and none that the agent may not give')
  t.same(await names(collector, 'label=node-role.kubernetes.io/control-plane%3D'), ['a'])
  const scoped = async (scope: Readonly<Record<string, string>>) => {
    const { items } = await collector.store.read.hosts({ connected: new Set(), sort: 'hostname', scope }, { limit: 5 })
    return items.map(({ hostname }) => hostname)
  }
  t.same([await scoped({ team: 'web' }), await scoped({ team: 'mine' })], [['a'], []], 'scopes of tokens go by them')
  api.nodeStore.label('node-a', { team: 'db' })
  await untilLabelled(collector, 'label=team%3Ddb', ['a'])
  t.same(await names(collector, 'label=gabion.io/role%3Dworker'), ['a'])
  t.same(await names(collector, 'label=kubernetes.io/os%3Dlinux'), [])
  api.nodeStore.label('node-a', {})
  await untilLabelled(collector, 'label=team%3Dmine', ['a'])
  t.pass('what the cluster says no more, the agent says again')
})

t.test('a host that was there before its node is seen follows it, too', async t => {
  const { api, collector, connect } = await startInCluster(t, watched)
  api.rights.delete('list nodes')
  await connect(api.mint()).hello(a)
  t.match(await collector.hosts(), [{ labels: {} }])
  api.nodeStore.label('node-a', { team: 'web' })
  api.rights.add('list nodes')
  await untilLabelled(collector, 'label=team%3Dweb', ['a'])
})

t.test('another label has the host judged again: waivers select by it', async t => {
  const { api, collector, connect } = await startInCluster(t, watched)
  const agent = connect(api.mint())
  await agent.hello(a)
  await agent.deliver(1, smallState({ a: 50 }))
  const waiver = {
    ...{ id: 'w', check: 'values-small', hosts: { matchLabels: { team: 'web' } }, reason: 'known', owner: 'me' },
    expires: new Date(Date.now() + 86_400_000).toISOString(),
  }
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(waiver) }
  const made = await fetch(`${collector.base}/api/v1/waivers`, post)
  t.equal(made.status, 201, await made.text())
  const waived = async () => (await collector.hosts())[0]?.waived
  t.equal(await waived(), 0)
  api.nodeStore.label('node-a', { team: 'web' })
  await until(async () => (await waived()) === 1)
  api.nodeStore.label('node-a', {})
  await until(async () => (await waived()) === 0)
  t.pass()
})

async function leave(agent: RawAgent, collector: TestCollector): Promise<void> {
  agent.close()
  await until(async () => (await collector.hosts()).some(host => !host.connected))
}

t.test('a host retires when its node is deleted and it was silent; it comes back when it speaks', async t => {
  const clock = createFakeClock(Date.now())
  const { api, collector, connect, refusalOf } = await startInCluster(t, watched, { clock })
  const agent = connect(api.mint())
  const { hostId } = await agent.hello(a)
  await agent.deliver(1, smallState({ a: 50 }))
  await connect(api.mint({ pod: 'agent-b' })).hello({ hostname: 'b', nodeName: 'node-b' })
  const uid = api.nodes.get('node-a') ?? ''
  const standing = async () => (await collector.store.read.standing(hostId))?.standing
  const pass = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) await clock.advance(60_000)
  }
  api.nodes.delete('node-a')
  await leave(agent, collector)
  await pass(9)
  t.equal(await standing(), 'active', 'not before its time')
  await until(async () => {
    await pass(1)
    return (await standing()) === 'retired'
  })
  t.match(await collector.store.read.standing(hostId), { reason: 'node deleted' })
  t.same(
    (await collector.hosts()).map(({ hostname }) => hostname),
    ['b'],
    'and in no list',
  )
  t.same((await collector.store.read.fleet()).results.high.fail, 0, 'nor count')
  t.match(await collector.store.read.audit({}, { limit: 1 }), {
    items: [{ actor: 'kubernetes:local', action: 'hosts.update', target: hostId, detail: { standing: 'retired' } }],
  })
  api.nodes.set('node-a', 'another-uid')
  t.not((await connect(api.mint()).hello(a)).hostId, hostId, 'under the old name it is another host')
  api.nodes.set('node-a', uid)
  await clock.advance(61_000)
  const back = connect(api.mint())
  t.equal((await back.hello(a)).hostId, hostId)
  t.equal(await standing(), 'active')
  await until(async () => (await collector.store.read.fleet()).results.high.fail === 1)
  await collector.store.write(transaction => transaction.retireHost(hostId, 'scrapped', clock.now()))
  t.match(await back.expect('refusal'), { code: 'revoked' })
  t.match(await refusalOf(api.mint(), a), { detail: 'the node is retired: scrapped' }, 'what people decided stays')
})

t.test('nobody retires whose agent speaks, nor while the API server cannot be asked', async t => {
  const clock = createFakeClock(Date.now())
  const { api, collector, connect, metric } = await startInCluster(t, watched, { clock })
  const [one, other] = [connect(api.mint()), connect(api.mint({ pod: 'agent-b' }))]
  const { hostId } = await one.hello(a)
  await other.hello({ hostname: 'b', nodeName: 'node-b' })
  await until(async () => (await metric('gabion_cluster_nodes{cluster="local"}')) === 2)
  t.equal(await metric('gabion_cluster_watched{cluster="local"}'), 1)
  api.pods.set('gabion/agent-c', { uid: 'u-c', nodeName: 'node-c' })
  api.nodes.set('node-c', 'uid-c')
  await connect(api.mint({ pod: 'agent-c' })).hello({ hostname: 'c', nodeName: 'node-c' })
  api.nodes.delete('node-b')
  await until(async () => (await metric('gabion_cluster_nodes{cluster="local"}')) === 2)
  api.mode = 'reset'
  api.nodeStore.endWatches('reset')
  api.nodes.delete('node-a')
  await until(async () => (await metric('gabion_cluster_watched{cluster="local"}')) === 0)
  t.equal((await fetch(`${collector.base}/readyz`)).status, 200, 'that does not make the collector unready')
  await leave(one, collector)
  for (let minute = 0; minute < 15; minute++) await clock.advance(60_000)
  const standings = async () => (await collector.store.read.standings()).map(standing => standing.hostId)
  t.same(await standings(), [], 'while nobody can tell')
  api.mode = 'well'
  await until(async () => {
    await clock.advance(60_000)
    return (await standings()).length > 0
  })
  t.same(await standings(), [hostId], 'not the other one, whose agent speaks')
  t.ok((await metric('gabion_cluster_watch_failures{cluster="local"}')) > 0)
})
