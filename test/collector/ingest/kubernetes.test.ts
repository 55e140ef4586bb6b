// Agents in pods, over the real listeners: a token becomes the stream of its node, and of no other.
import { credentials } from '@grpc/grpc-js'
import t, { type Test } from 'tap'
import type { Cluster } from '../../../collector/auth/kubernetes/cluster.ts'
import { type Clock, systemClock } from '../../../runtime/clock.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { smallState } from '../../small-facet.ts'
import { connectRawAgent, helloOf } from '../raw-agent.ts'
import { startInCluster } from '../start-in-cluster.ts'

async function start(t: Test, change: Partial<Cluster> = {}, clock: Clock = systemClock) {
  const cluster = await startInCluster(t, change, { clock })
  return { ...cluster, refusals: (code: string) => cluster.metric(`gabion_ingest_refusals_total{code="${code}"}`) }
}

t.test('a token of a pod is the stream of its node, whatever host key the agent names', async t => {
  const { api, collector, connect } = await start(t)
  const agent = connect(api.mint())
  await agent.hello({ hostname: 'a', nodeName: 'node-a' })
  await agent.deliver(1, smallState({ a: 1 }))
  const hostKey = `kubernetes:local/${api.nodes.get('node-a')}`
  t.match(await collector.hosts(), [{ hostKey, hostname: 'a' }])
  api.pods.set('gabion/agent-2', { uid: 'u-2', nodeName: 'node-a' })
  const next = connect(api.mint({ pod: 'agent-2' }))
  await next.hello({ hostname: 'a', nodeName: 'node-a' })
  t.equal((await collector.hosts()).length, 1, 'the next pod of the node is the same host')
  t.match(await agent.expect('refusal'), { code: 'replaced' })
  await connect(api.mint({ pod: 'agent-b' })).hello({ hostname: 'a', nodeName: 'node-b' })
  t.equal((await collector.hosts()).length, 2, 'another node is another, of whatever name')
})

t.test('a pod on one node that claims another is refused and counted', async t => {
  const { api, collector, refusalOf, refusals } = await start(t)
  t.match(await refusalOf(api.mint(), { nodeName: 'node-b' }), {
    code: 'identity',
    detail: 'the token is of node node-a, the agent claims to run on another',
  })
  t.equal(await refusals('identity'), 1)
  t.same(await collector.hosts(), [])
})

t.test('a node that comes back with another uid is another host', async t => {
  const { api, collector, connect } = await start(t)
  await connect(api.mint()).hello()
  api.nodes.set('node-a', 'uid-of-the-new-one')
  await connect(api.mint()).hello()
  const keys = (await collector.hosts()).map(host => host.hostKey)
  t.equal(keys.length, 2)
  t.ok(keys.includes('kubernetes:local/uid-of-the-new-one'))
})

t.test('what the cluster does not vouch for is refused with the reason, and counted', async t => {
  const { api, collector, verified, refusalOf, refusals } = await start(t)
  const identity = (detail: RegExp) => ({ code: 'identity', detail, retryAfterMs: 60_000 })
  t.match(await refusalOf(api.mint({ audiences: ['vault'] })), identity(/no audience and issuer/))
  t.match(await refusalOf(api.mint({ serviceAccount: 'default' })), identity(/of nobody who may speak/))
  t.match(await refusalOf(api.mint({ pod: undefined })), identity(/bound to no pod/))
  t.match(await refusalOf(api.mint({ lifeMs: -5_000 })), identity(/has expired/))
  t.match(await refusalOf('abc'), identity(/no ServiceAccount token/))
  const token = api.mint()
  api.pods.delete('gabion/agent-a')
  t.match(await refusalOf(token), identity(/has been invalidated/))
  const silent = connectRawAgent(t, collector.grpcAddress, { credentials: verified })
  silent.send({ hello: helloOf() })
  t.match(await silent.expect('refusal'), identity(/takes ServiceAccount tokens and enrolls hosts/))
  t.equal(await refusals('identity'), 7)
  t.same(await collector.hosts(), [])
})

t.test('in an older cluster the pod tells the node; without the right to ask there is no stream', async t => {
  const { api, collector, connect, refusalOf } = await start(t)
  api.tokensNameNodes = false
  t.match(await refusalOf(api.mint(), { nodeName: 'node-b' }), { code: 'identity', detail: /of node node-a/ })
  await connect(api.mint()).hello({ nodeName: 'node-a' })
  t.match(await collector.hosts(), [{ hostKey: `kubernetes:local/${api.nodes.get('node-a')}` }])
  api.rights.delete('get pods')
  t.match(await refusalOf(api.mint(), { nodeName: 'node-a' }), { code: 'identity', detail: /may not get pods/ })
})

t.test('the stream of a pod that is deleted ends, whoever holds it, and the others stay', async t => {
  const clock = createFakeClock(Date.now())
  const { api, collector, connect, refusalOf } = await start(t, {}, clock)
  const token = api.mint()
  const [deleted, kept] = [connect(token), connect(api.mint({ pod: 'agent-b' }))]
  await deleted.hello({ nodeName: 'node-a' })
  await kept.hello({ nodeName: 'node-b' })
  api.pods.delete('gabion/agent-a')
  const over = deleted.expect('refusal')
  await clock.advance(61_000)
  t.match(await over, { code: 'gone', detail: /what its token was made for is gone/, retryAfterMs: 60_000 })
  t.match(await refusalOf(token), { code: 'identity', detail: /has been invalidated/ }, 'a minute is all it had')
  await kept.deliver(1, smallState({ a: 1 }))
  const connected = (await collector.hosts()).filter(host => host.connected)
  t.match(connected, [{ hostKey: `kubernetes:local/${api.nodes.get('node-b')}` }])
})

t.test('while the API server is away agents are put off, and that is no verdict about them', async t => {
  const { api, connect, refusalOf, refusals } = await start(t)
  api.mode = 'overloaded'
  const refusal = await refusalOf(api.mint())
  t.match(refusal, { code: 'unavailable', detail: /the API server of cluster local cannot be asked/ })
  t.ok(refusal.retryAfterMs >= 5_000)
  t.same([await refusals('unavailable'), await refusals('identity')], [1, 0])
  api.mode = 'well'
  await connect(api.mint()).hello()
})

t.test('a node that was revoked speaks no more, with whatever token', async t => {
  const { api, collector, connect, refusalOf } = await start(t)
  const agent = connect(api.mint())
  const { hostId } = await agent.hello({ nodeName: 'node-a' })
  const standing = { hostId, standing: 'revoked', reason: 'root was lost', sinceMs: Date.now() } as const
  await collector.store.write(transaction => transaction.setStanding(standing))
  t.match(await agent.expect('refusal'), { code: 'revoked' }, 'its stream ends')
  t.match(await refusalOf(api.mint()), { code: 'identity', detail: 'the node is revoked: root was lost' })
  await connect(api.mint({ pod: 'agent-b' })).hello()
})

t.test('the CA bundle is published, and a stream verified by it', async t => {
  const { api, collector, authority } = await start(t, { publishNamespace: 'gabion' })
  const published = () => (api.configMaps.get('gabion/gabion-ca') as { data: Record<string, string> } | undefined)?.data
  while (!published()) await new Promise(resolve => setImmediate(resolve))
  t.same(published(), { 'ca.crt': authority.certificates })
  const verified = credentials.createSsl(Buffer.from(published()?.['ca.crt'] ?? ''))
  const authorization = `Bearer ${api.mint()}`
  await connectRawAgent(t, collector.grpcAddress, { credentials: verified, authorization }).hello()
})
