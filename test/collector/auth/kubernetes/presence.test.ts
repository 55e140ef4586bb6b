// Whether the pod of a token is still there: by its uid, and nothing said about it while nobody can be asked.
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openApiServer } from '../../../../collector/auth/kubernetes/api-server.ts'
import { createPresence, type KubernetesIdentity } from '../../../../collector/auth/kubernetes/presence.ts'
import { type Log, silentLog } from '../../../../runtime/log.ts'
import { createFakeClock } from '../../../fake-clock.ts'
import { serveKubernetesApi } from '../../kubernetes-api.ts'

async function start(t: Test) {
  const api = await serveKubernetesApi(t, join(t.testdir({ api: {} }), 'api'))
  const clock = createFakeClock()
  const lines: string[] = []
  const hear = (message: string, fields?: object) => void lines.push(`${message}: ${JSON.stringify(fields)}`)
  const log: Log = { ...silentLog, warn: hear, info: hear }
  const { url, caFile, tokenFile } = api
  const clusters = [{ name: 'local', api: openApiServer({ url, caFile, tokenFile, timeoutMs: 500 }) }]
  const presence = createPresence({ clusters, clock, log })
  const ofNode: KubernetesIdentity = {
    ...{ kind: 'kubernetes', cluster: 'local', nodeName: 'node-a', nodeUid: api.nodes.get('node-a') ?? '' },
  }
  const pod = { namespace: 'gabion', name: 'agent-a', uid: api.pods.get('gabion/agent-a')?.uid ?? '' }
  return { api, clock, lines, presence, ofNode, pod, ofPod: { ...ofNode, pod } }
}

t.test('a pod is there until it is deleted or replaced by one of its name', async t => {
  const { api, presence, ofPod, pod } = await start(t)
  t.equal(await presence(ofPod), 'there')
  t.same(api.requests, ['GET /api/v1/namespaces/gabion/pods/agent-a'], 'one question')
  api.pods.set('gabion/agent-a', { uid: 'another', nodeName: 'node-a' })
  t.equal(await presence(ofPod), 'gone')
  api.pods.set('gabion/agent-a', { uid: pod.uid, nodeName: 'node-a' })
  t.equal(await presence(ofPod), 'there')
  api.pods.delete('gabion/agent-a')
  t.equal(await presence(ofPod), 'gone')
})

t.test('a pod that ends has its time and a minute', async t => {
  const { api, clock, presence, ofPod, pod } = await start(t)
  const deletionTimestamp = new Date(clock.now() + 15_000).toISOString().replace('.000', '')
  api.pods.set('gabion/agent-a', { uid: pod.uid, nodeName: 'node-a', deletionTimestamp })
  await clock.advance(75_000)
  t.equal(await presence(ofPod), 'there')
  await clock.advance(1)
  t.equal(await presence(ofPod), 'gone')
})

t.test('a token that is bound to a node is held against the node', async t => {
  const { api, presence, ofNode } = await start(t)
  t.equal(await presence(ofNode), 'there')
  t.same(api.requests, ['GET /api/v1/nodes/node-a'])
  api.nodes.set('node-a', 'made-anew')
  t.equal(await presence(ofNode), 'gone')
  api.nodes.delete('node-a')
  t.equal(await presence(ofNode), 'gone')
})

t.test('while nobody can be asked nothing is said about it, and that is told once', async t => {
  const { api, lines, presence, ofPod } = await start(t)
  api.pods.delete('gabion/agent-a')
  for (const mode of ['overloaded', 'garbage', 'hang', 'reset', 'other-kind'] as const) {
    api.mode = mode
    for (let time = 0; time < 2; time++) t.equal(await presence(ofPod), 'unknown', mode)
  }
  t.ok(lines.length >= 4 && lines.length <= 6, `${lines.length} lines`)
  api.mode = 'well'
  api.rights.delete('get pods')
  t.equal(await presence(ofPod), 'unknown')
  t.match(lines.at(-1), /their streams stay: .*the collector may not get pods/)
  t.equal(await presence({ ...ofPod, cluster: 'elsewhere' }), 'unknown')
  api.rights.add('get pods')
  t.equal(await presence(ofPod), 'gone')
  t.match(lines.at(-1), /looked up again/)
})
