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

t.test('a group that the server does not know is answered in plain text, and that is an answer', async t => {
  const cluster = await startKubernetesApi(t)
  const api = openApiServer(cluster)
  const path = '/apis/openreports.io/v1alpha1/clusterreports'
  t.same(await api.ask({ method: 'GET', path }), { status: 404, body: undefined })
  cluster.reportStore.installed.add('clusterreports')
  t.match(await api.ask({ method: 'APPLY', path: `${path}/x?fieldManager=f`, body: {} }), { status: 422 })
  t.match(await api.ask({ method: 'DELETE', path: `${path}/x` }), { status: 404, body: { kind: 'Status' } })
  t.same(cluster.requests.slice(1), [`PATCH ${path}/x?fieldManager=f`, `DELETE ${path}/x`])
})

t.test('what is followed comes as it happens, until it ends or is ended', async t => {
  const cluster = await startKubernetesApi(t)
  const api = openApiServer(cluster)
  const path = '/api/v1/nodes?watch=true&resourceVersion=1'
  const ended = new AbortController()
  const stream = await api.follow({ path, signal: ended.signal, maxMs: 60_000 })
  const lines = stream.lines[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value ?? '{}')
  t.match([stream.status, await next(), await next()], [200, { type: 'ADDED' }, { type: 'ADDED' }])
  cluster.nodeStore.label('node-a', { a: 'b' })
  t.match(await next(), {
    type: 'MODIFIED',
    object: { kind: 'PartialObjectMetadata', metadata: { labels: { a: 'b' } } },
  })
  ended.abort()
  await t.rejects(lines.next(), unavailable(/cannot be asked/))
  const whole = await api.follow({ path, signal: new AbortController().signal, maxMs: 60_000 })
  cluster.nodeStore.endWatches('end')
  t.equal((await Array.fromAsync(whole.lines)).length, 3)
  const short = await api.follow({ path, signal: new AbortController().signal, maxMs: 100 })
  await t.rejects(Array.fromAsync(short.lines), unavailable(/cannot be asked/), 'its whole time is limited')
})

t.test('what cannot be followed is told as of any other question', async t => {
  const cluster = await startKubernetesApi(t)
  const api = openApiServer({ ...cluster, timeoutMs: 200 })
  const path = '/api/v1/nodes?watch=true&resourceVersion=1'
  const follow = () => api.follow({ path, signal: new AbortController().signal, maxMs: 60_000 })
  cluster.rights.delete('watch nodes')
  const refused = await follow()
  t.same([refused.status, await Array.fromAsync(refused.lines)], [403, []])
  cluster.rights.add('watch nodes')
  for (const [mode, message] of [
    ['overloaded', /answered 429/],
    ['hang', /was silent for too long/],
    ['reset', /cannot be asked/],
  ] as const) {
    cluster.mode = mode
    await t.rejects(follow(), unavailable(message), mode)
  }
  cluster.mode = 'well'
  const flooded = await follow()
  cluster.nodeStore.tell('x'.repeat(3 * 1024 * 1024))
  await t.rejects(Array.fromAsync(flooded.lines), unavailable(/told of an object of more than/))
})
