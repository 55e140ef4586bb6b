// Asking an API server: whom it believes, what is an answer, and that nothing of it lasts or grows for ever.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ApiServerUnavailable, openApiServer } from '../../../../collector/auth/kubernetes/api-server.ts'
import { freePort } from '../../../free-port.ts'
import { type Mode, serveKubernetesApi, startKubernetesApi } from '../../kubernetes-api.ts'

const node = { method: 'GET', path: '/api/v1/nodes/node-a' } as const
const unavailable = (message: RegExp) => ({ name: 'ApiServerUnavailable', message })

t.test('asks with its own token, and reads it anew', async t => {
  const cluster = await startKubernetesApi(t)
  const api = openApiServer(cluster)
  t.match(await api.ask(node), { status: 200, body: { kind: 'Node', metadata: { uid: cluster.nodes.get('node-a') } } })
  t.match(await api.ask({ ...node, metadataOnly: true }), { status: 200, body: { kind: 'PartialObjectMetadata' } })
  t.match(await api.ask({ method: 'GET', path: '/api/v1/nodes/none' }), { status: 404, body: { kind: 'Status' } })
  cluster.rights.delete('get nodes')
  t.match(await api.ask(node), { status: 403 })
  cluster.rights.add('get nodes')
  cluster.ownToken = 'another'
  await t.rejects(api.ask(node), unavailable(/answered 401/), 'who asks is our trouble, not that of what is asked')
  writeFileSync(cluster.tokenFile, 'another')
  t.match(await api.ask(node), { status: 200 })
})

t.test('a file that is missing or empty is told', async t => {
  const cluster = await startKubernetesApi(t)
  const api = openApiServer(cluster)
  writeFileSync(cluster.tokenFile, 'two words')
  await t.rejects(api.ask(node), unavailable(/token: holds no token/))
  rmSync(cluster.tokenFile)
  await t.rejects(api.ask(node), unavailable(/token: cannot be read \(ENOENT\)/))
  t.same(cluster.requests, [], 'nothing was sent')
})

t.test('a server of another CA, or under another name, is shown no token', async t => {
  const directory = t.testdir({ one: {}, two: {} })
  const one = await serveKubernetesApi(t, join(directory, 'one'))
  const two = await serveKubernetesApi(t, join(directory, 'two'))
  const stranger = openApiServer({ ...one, caFile: two.caFile })
  await t.rejects(stranger.ask(node), unavailable(/cannot be asked \((UNABLE_TO_VERIFY|SELF_SIGNED|CERT_|ERR_)/))
  const alias = openApiServer({ ...one, url: one.url.replace('127.0.0.1', '127.0.0.2') })
  await t.rejects(alias.ask(node), ApiServerUnavailable)
  t.same([...one.requests, ...two.requests], [])
})

t.test('what is no answer of an API server is none, and comes to an end', async t => {
  const cluster = await startKubernetesApi(t)
  const api = openApiServer({ ...cluster, timeoutMs: 500 })
  const expected: Readonly<Record<Exclude<Mode, 'well' | 'other-kind'>, RegExp>> = {
    hang: /gave no answer within 500 ms/,
    half: /gave no answer within 500 ms/,
    garbage: /did not answer in JSON/,
    huge: /more than 2097152 bytes|no answer within/,
    overloaded: /answered 429/,
    redirect: /answered 307/,
    reset: /cannot be asked \(ECONNRESET\)/,
  }
  for (const [mode, message] of Object.entries(expected)) {
    cluster.mode = mode as Mode
    await t.rejects(api.ask(node), unavailable(message), mode)
  }
  cluster.mode = 'well'
  t.match(await api.ask(node), { status: 200 }, 'and afterwards it is asked again')
  const nobody = openApiServer({ ...cluster, url: `https://127.0.0.1:${await freePort()}` })
  await t.rejects(nobody.ask(node), unavailable(/ECONNREFUSED/))
})

t.test('many questions at once are answered', async t => {
  const cluster = await startKubernetesApi(t)
  const api = openApiServer(cluster)
  const answers = await Promise.all(Array.from({ length: 100 }, () => api.ask(node)))
  t.ok(answers.every(answer => answer.status === 200))
})
