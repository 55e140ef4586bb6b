// Every route once with success: the answer has the status, type and shape that the OpenAPI document promises.
import { join } from 'node:path'
import t from 'tap'
import { routes } from '../../../collector/api/routes.generated.ts'
import { hashSecret } from '../../../collector/domain/enrollment.ts'
import type { AgentHealth } from '../../../collector/store/agent-health.ts'
import { smallState } from '../../small-facet.ts'
import { fillFleet } from '../fill-fleet.ts'
import { receiverOf } from '../notify/receiver-config.ts'
import { startTestCollector } from '../start-collector.ts'
import { putApiToken, tokenId } from './api-users.ts'
import { answerChecker, type OpenApi } from './openapi-schemas.ts'
import { type Ask, ask } from './request.ts'

const local = { host: '127.0.0.1', port: 0 }
const tls = { enrolled: local, names: ['127.0.0.1'] }
const directory = t.testdir({ plain: {}, secure: {} })
const receivers = [receiverOf({ name: 'ops', kind: 'json-lines', path: join(directory, 'told.jsonl') })]
const plain = await startTestCollector(t, { receivers, dataDirectory: join(directory, 'plain') })
const secure = await startTestCollector(t, { tls, dataDirectory: join(directory, 'secure') })
const hosts = await fillFleet(t, plain, 4, { value: () => 99, labels: () => ({ role: 'db' }) })
await Promise.all(hosts.map(({ agent }) => agent.deliver(2, smallState({ a: 1 }))))
const [first, second, third, fourth] = hosts.map(({ id }) => id)
const document = JSON.parse((await ask(plain.httpAddress, '/openapi.json')).text) as OpenApi
const wrong = answerChecker(document)
const viewer = await putApiToken(plain.store, { role: 'viewer' })
const nowMs = Date.now()
const health: AgentHealth = {
  ...{ startedAtMs: nowMs, nodeVersion: '24.0.0', rssBytes: 1, memoryLimitMib: 0, cpuMs: 1, cpuPermille: 1 },
  ...{ cpuLimitPermille: 0, loopDelayMs: 1, slowdown: 1, limits: ['cpu'], reloadError: '' },
  ...{ outbox: { entries: 1, bytes: 1, oldestMs: nowMs }, watches: { directories: 1, refused: 0, misses: 0 } },
  probes: [
    {
      ...{ facet: 'small', runs: 1, failures: 0, failingRuns: 0, lastDurationMs: 1, longestDurationMs: 1 },
      ...{ slowdown: 1, wishedSeconds: 0 },
    },
  ],
}
await plain.store.write(transaction => transaction.putAgentReports(new Map([[1, { health, receivedAtMs: nowMs }]])))
await secure.store.write(async transaction => {
  await transaction.putToken({
    ...{ id: 'abc', description: '', secretHash: hashSecret(Buffer.from('x')), createdAtMs: nowMs, revokedAtMs: 0 },
    ...{ expiresAtMs: nowMs + 60_000, maxUses: 9, uses: 2, labels: {}, needsApproval: true },
  })
  for (const requestId of ['request-to-approve', 'request-to-refuse']) {
    await transaction.putEnrollment({
      ...{ requestId, tokenId: 'abc', state: 'pending', hostId: '', hostname: 'waiting', machineId: '' },
      ...{ requestHash: 'sha256:x', address: '127.0.0.1:1', requestedAtMs: nowMs, decidedAtMs: 0 },
    })
  }
})

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
const post = (body: object): Ask => ({ method: 'POST', headers: json, body: JSON.stringify(body) })

const waiver = (id: string) => ({
  ...{ id, check: 'values-small', hosts: { all: true }, reason: 'known', owner: 'ops' },
  expires: new Date(nowMs + 86_400_000).toISOString(),
})
for (const id of ['w-one', 'w-two']) await ask(plain.httpAddress, '/api/v1/waivers', post(waiver(id)))

for (const id of ['c-one', 'c-two']) {
  await ask(plain.httpAddress, '/api/v1/cohorts', post({ id, hosts: { matchLabels: { role: 'db' } } }))
  await ask(plain.httpAddress, `/api/v1/cohorts/${id}/pins/small`, { ...post({ hostId: first }), method: 'PUT' })
}

/** What to ask for where the path alone does not say it. */
const special: Readonly<Record<string, { readonly path?: string; readonly ask?: Ask; readonly of?: typeof plain }>> = {
  'get /api/v1/checks/{id}': { path: '/api/v1/checks/values-small' },
  'get /api/v1/checks/{id}/trend': { path: '/api/v1/checks/values-small/trend' },
  'get /api/v1/outliers': { path: '/api/v1/outliers?facet=ports' },
  'get /api/v1/query': { path: '/api/v1/query?all=true&expr=host.hostname' },
  'get /api/v1/profiles/{id}': { path: '/api/v1/profiles/all' },
  'post /api/v1/hosts/{id}/retire': { path: `/api/v1/hosts/${second}/retire` },
  'post /api/v1/hosts/{id}/release': { path: `/api/v1/hosts/${second}/release` },
  'post /api/v1/hosts/{id}/revoke': { path: `/api/v1/hosts/${third}/revoke` },
  'delete /api/v1/hosts/{id}': { path: `/api/v1/hosts/${fourth}` },
  'post /api/v1/api-tokens': { ask: post({ role: 'admin', labels: { role: 'db' } }) },
  'delete /api/v1/api-tokens/{id}': { path: `/api/v1/api-tokens/${tokenId(viewer)}` },
  'post /api/v1/enrollment-tokens': { ask: post({ labels: { role: 'db' }, maxUses: 3 }), of: secure },
  'delete /api/v1/enrollment-tokens/{id}': { path: '/api/v1/enrollment-tokens/abc', of: secure },
  'get /api/v1/enrollment-tokens': { of: secure },
  'get /api/v1/enrollments': { of: secure },
  'post /api/v1/enrollments/{id}/approve': { path: '/api/v1/enrollments/request-to-approve/approve', of: secure },
  'post /api/v1/enrollments/{id}/refuse': { path: '/api/v1/enrollments/request-to-refuse/refuse', of: secure },
  'get /api/v1/cohorts/{id}': { path: '/api/v1/cohorts/c-one' },
  'get /api/v1/cohorts/{id}/outliers': { path: '/api/v1/cohorts/c-one/outliers?facet=ports' },
  'get /api/v1/cohorts/{id}/deviations': { path: '/api/v1/cohorts/c-one/deviations' },
  'get /api/v1/cohorts/{id}/pins': { path: '/api/v1/cohorts/c-one/pins' },
  'post /api/v1/cohorts': { ask: post({ id: 'c-three', hosts: { all: true } }) },
  'put /api/v1/cohorts/{id}/pins/{facet}': {
    ...{ path: '/api/v1/cohorts/c-one/pins/small', ask: { ...post({ majority: true }), method: 'PUT' } },
  },
  'patch /api/v1/cohorts/{id}': {
    ...{ path: '/api/v1/cohorts/c-one', ask: { ...post({ description: 'all' }), method: 'PATCH' } },
  },
  'delete /api/v1/cohorts/{id}': { path: '/api/v1/cohorts/c-three' },
  'delete /api/v1/cohorts/{id}/pins/{facet}': { path: '/api/v1/cohorts/c-two/pins/small' },
  'get /api/v1/waivers/{id}': { path: '/api/v1/waivers/w-one' },
  'post /api/v1/waivers': { ask: post(waiver('w-three')) },
  'delete /api/v1/waivers/{id}': { path: '/api/v1/waivers/w-two' },
  'post /api/v1/receivers/{name}/test': { path: '/api/v1/receivers/ops/test' },
  'post /login': { ask: { method: 'POST', headers: form, body: `token=${viewer}` } },
  'post /logout': { ask: { method: 'POST', headers: form, body: '' } },
  'post /api/v1/session': { ask: post({ token: viewer }) },
}
const named: Readonly<Record<string, string>> = {
  id: first ?? '',
  facet: 'small',
  format: 'sarif',
  check: 'values-small',
}
/** Later ones take away what earlier ones need. */
const order = { get: 0, post: 1, put: 2, patch: 3, delete: 4 } as const

t.test('every answer is as the document says', async t => {
  const ordered = routes.toSorted((a, b) => order[a.method] - order[b.method])
  for (const { method, path, answer } of ordered) {
    if (path === '/api/v1/events') continue
    const name = `${method} ${path}`
    const { path: to, ask: how, of = plain } = special[name] ?? {}
    const filled = to ?? path.replace(/\{(\w+)\}/g, (_, part: string) => named[part] ?? '')
    const reply = await ask(of.httpAddress, filled, how ?? { method: method.toUpperCase() })
    t.equal(reply.status, answer.status, `${name}: ${reply.text.slice(0, 200)}`)
    const operation = document.paths[path]?.[method]
    t.ok(operation, name)
    if (operation) t.equal(wrong(operation, reply as never), '', name)
    t.match(reply.headers['x-request-id'], /^[0-9a-f-]{36}$/)
  }
})

t.test('problems are as the document says, too', async t => {
  for (const { method, path } of routes) {
    const operation = document.paths[path]?.[method]
    const filled = path.replace(/\{\w+\}/g, 'nothing-of-that-name')
    const reply = await ask(plain.httpAddress, `${filled}?not=known`, { method: method.toUpperCase() })
    if (operation && reply.status >= 400) t.equal(wrong(operation, reply as never), '', `${method} ${path}`)
    else t.ok(reply.status === 204 && path === '/api/v1/session', `${method} ${path}: ${reply.status}`)
  }
})
