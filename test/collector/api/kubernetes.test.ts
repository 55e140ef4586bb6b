// The API asked with tokens of a Kubernetes cluster: RBAC of the cluster decides about every route.
import { dirname, join } from 'node:path'
import t from 'tap'
import { startKubernetesApi } from '../kubernetes-api.ts'
import { startApiCollector } from './api-users.ts'
import { ask } from './request.ts'

const local = { host: '127.0.0.1', port: 0 }
const user = 'system:serviceaccount:ops:reader'
const kubernetes = await startKubernetesApi(t)
const cluster = {
  ...{ name: 'east', apiServer: kubernetes.url, caFile: kubernetes.caFile, tokenFile: kubernetes.tokenFile },
  ...{ audience: 'gabion-collector', issuer: '', serviceAccounts: ['gabion:gabion-agent'], publishNamespace: '' },
}
const collector = await startApiCollector(t, {
  dataDirectory: join(dirname(kubernetes.caFile), 'data'),
  tls: { enrolled: local, names: ['127.0.0.1'], clusters: [cluster] },
})
const mint = (audience: string) =>
  kubernetes.mint({ namespace: 'ops', serviceAccount: 'reader', audiences: [audience], pod: undefined })
const token = mint('gabion-collector-api')
const send = (path: string, method = 'GET', shown = token) =>
  ask(collector.httpAddress, path, { method, headers: { authorization: `Bearer ${shown}` } })

t.test('without a grant a user of the cluster is known and may nothing', async t => {
  t.match(await send('/api/v1/hosts'), {
    status: 403,
    text: /kubernetes:east\/system:serviceaccount:ops:reader may not list hosts/,
  })
  const who = JSON.parse((await send('/api/v1/session')).text)
  t.match(who, { kind: 'kubernetes', name: `kubernetes:east/${user}`, role: '', labels: {} })
  t.ok(Date.parse(who.expiresAt) > Date.now())
})

t.test('a grant opens the routes that it names, and those only', async t => {
  for (const right of ['list drift', 'get summary', 'get metrics', 'delete hosts']) {
    const [verb, resource] = right.split(' ')
    kubernetes.grants.add(`${user} ${verb} gabion.io/${resource}`)
  }
  const fresh = mint('gabion-collector-api')
  const status = async (path: string, method = 'GET') => (await send(path, method, fresh)).status
  t.equal(await status('/api/v1/drift'), 200)
  t.equal(await status('/api/v1/summary'), 200)
  t.equal(await status('/metrics'), 200)
  t.equal(await status('/api/v1/hosts/nobody', 'DELETE'), 404)
  t.equal(await status('/api/v1/hosts/nobody/retire', 'POST'), 403)
  t.equal(await status('/api/v1/audit'), 403)
  const audit = JSON.parse((await collector.askAs('admin', '/api/v1/audit?limit=2')).text).items
  t.match(audit, [
    { actor: `kubernetes:east/${user}`, action: 'hosts.update', outcome: 'refused' },
    { actor: `kubernetes:east/${user}`, action: 'hosts.delete', outcome: 'refused', detail: { status: 404 } },
  ])
})

t.test('tokens of agents, forged ones and a cluster that does not answer let nobody in', async t => {
  t.equal((await send('/api/v1/summary', 'GET', kubernetes.mint())).status, 401, 'an agent is no user')
  t.equal((await send('/api/v1/summary', 'GET', `${token.slice(0, -4)}AAAA`)).status, 401)
  kubernetes.mode = 'garbage'
  const reply = await send('/api/v1/summary', 'GET', mint('gabion-collector-api'))
  t.match(reply, { status: 503, headers: { 'retry-after': '5' } })
  t.notOk(reply.text.includes(token))
  t.equal((await collector.askAs('viewer', '/api/v1/summary')).status, 200, 'tokens of ours are not asked about')
})
