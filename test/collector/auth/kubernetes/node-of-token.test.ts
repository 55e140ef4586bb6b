// Which node a token is of: told by the API server or found through the pod, and never by the agent.
import t, { type Test } from 'tap'
import { openApiServer } from '../../../../collector/auth/kubernetes/api-server.ts'
import { nodeOfToken } from '../../../../collector/auth/kubernetes/node-of-token.ts'
import { reviewToken } from '../../../../collector/auth/kubernetes/review-token.ts'
import { type MintOptions, startKubernetesApi } from '../../kubernetes-api.ts'

const ours = { audience: 'gabion-collector', serviceAccounts: ['gabion:gabion-agent'] }
const refused = (message: RegExp) => ({ name: 'NotIdentified', message })

/** @param tokensNameNodes as in clusters since 1.30 */
async function start(t: Test, tokensNameNodes: boolean) {
  const cluster = await startKubernetesApi(t)
  cluster.tokensNameNodes = tokensNameNodes
  const api = openApiServer(cluster)
  const nodeOf = async (options?: MintOptions) => {
    const reviewed = await reviewToken(api, ours, cluster.mint(options))
    cluster.requests.length = 0
    return nodeOfToken(api, reviewed)
  }
  return { cluster, api, nodeOf }
}

t.test('the token names the node, and nobody else is asked', async t => {
  const { cluster, nodeOf } = await start(t, true)
  cluster.rights.delete('get pods')
  cluster.rights.delete('get nodes')
  t.same(await nodeOf(), { nodeName: 'node-a', nodeUid: cluster.nodes.get('node-a') })
  t.same(await nodeOf({ pod: 'agent-b' }), { nodeName: 'node-b', nodeUid: cluster.nodes.get('node-b') })
  t.same(cluster.requests, [])
})

t.test('in an older cluster the pod says which node, and the node its uid', async t => {
  const { cluster, nodeOf } = await start(t, false)
  t.same(await nodeOf({ pod: 'agent-b' }), { nodeName: 'node-b', nodeUid: cluster.nodes.get('node-b') })
  t.same(cluster.requests, ['GET /api/v1/namespaces/gabion/pods/agent-b', 'GET /api/v1/nodes/node-b'])
})

t.test('without the rights for that the token is of no node', async t => {
  const { cluster, nodeOf } = await start(t, false)
  cluster.rights.delete('get nodes')
  await t.rejects(nodeOf(), refused(/does not say which node it is of, and the collector may not get nodes/))
  cluster.rights.delete('get pods')
  await t.rejects(nodeOf(), refused(/may not get pods/))
})

t.test('a token of nothing that runs on a node is refused', async t => {
  const { cluster, api, nodeOf } = await start(t, true)
  await t.rejects(nodeOf({ pod: undefined }), refused(/bound to no pod/), 'as kubectl create token makes them')
  cluster.tokensNameNodes = false
  cluster.pods.set('gabion/pending', { uid: 'u-1', nodeName: '' })
  await t.rejects(nodeOf({ pod: 'pending' }), refused(/runs on no node/))
  cluster.nodes.delete('node-b')
  await t.rejects(nodeOf({ pod: 'agent-b' }), refused(/the node of the token is gone/))
  const reviewed = await reviewToken(api, ours, cluster.mint())
  cluster.pods.set('gabion/agent-a', { uid: 'u-2', nodeName: 'node-b' })
  await t.rejects(nodeOfToken(api, reviewed), refused(/replaced by another/), 'between the two questions')
  cluster.pods.delete('gabion/agent-a')
  await t.rejects(nodeOfToken(api, reviewed), refused(/the pod of the token is gone/))
})

t.test('a token made while its node was not registered names it without a uid', async t => {
  const { cluster, api, nodeOf } = await start(t, true)
  const uid = cluster.nodes.get('node-a') ?? ''
  cluster.nodes.delete('node-a')
  const reviewed = await reviewToken(api, ours, cluster.mint())
  await t.rejects(nodeOfToken(api, reviewed), refused(/the node of the token is gone/))
  cluster.nodes.set('node-a', uid)
  t.same(await nodeOfToken(api, reviewed), { nodeName: 'node-a', nodeUid: uid })
  const pod = cluster.pods.get('gabion/agent-a')
  cluster.pods.set('gabion/agent-a', { uid: pod?.uid ?? '', nodeName: 'node-b' })
  await t.rejects(nodeOfToken(api, reviewed), refused(/name two nodes/))
  await nodeOf({ pod: 'agent-b' })
})

t.test('odd values name nobody', async t => {
  const api = { ask: () => Promise.reject(new Error('is not asked')) }
  const good = { 'node-name': ['node-a'], 'node-uid': ['u'] }
  const nodeOf = (change: Readonly<Record<string, readonly string[]>>) => {
    const entries = Object.entries({ ...good, ...change })
    const extra = Object.fromEntries(entries.map(([key, value]) => [`authentication.kubernetes.io/${key}`, value]))
    return nodeOfToken(api, { namespace: 'gabion', serviceAccount: 'gabion-agent', extra })
  }
  t.same(await nodeOf({}), { nodeName: 'node-a', nodeUid: 'u' })
  for (const name of ['../node-b', 'Node', 'a b', 'x'.repeat(254), 'a\n']) {
    await t.rejects(nodeOf({ 'node-name': [name] }), refused(/odd node-name/), JSON.stringify(name))
  }
  await t.rejects(nodeOf({ 'node-name': ['node-a', 'node-b'] }), refused(/odd node-name/))
  await t.rejects(nodeOf({ 'node-uid': ['a/b'] }), refused(/odd node-uid/))
  await t.rejects(nodeOf({ 'node-uid': [] }), refused(/bound to no pod/))
})

t.test('what an API server answers about something else is no answer', async t => {
  const extra = { 'authentication.kubernetes.io/pod-name': ['p'], 'authentication.kubernetes.io/pod-uid': ['u'] }
  const reviewed = { namespace: 'gabion', serviceAccount: 'gabion-agent', extra }
  const answering = (status: number, body: unknown) => nodeOfToken({ ask: async () => ({ status, body }) }, reviewed)
  const other = { metadata: { name: 'q', uid: 'u' }, spec: { nodeName: 'node-a' } }
  for (const body of [other, {}, null, 'x', []]) {
    await t.rejects(answering(200, body), { name: 'ApiServerUnavailable' }, JSON.stringify(body))
  }
  await t.rejects(answering(409, {}), { name: 'ApiServerUnavailable' })
})
