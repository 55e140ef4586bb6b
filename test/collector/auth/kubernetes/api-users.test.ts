// Users of the API that a cluster vouches for: who they are, what RBAC grants them, and for how long that is believed.
import t, { type Test } from 'tap'
import { openApiServer } from '../../../../collector/auth/kubernetes/api-server.ts'
import { createApiUsers } from '../../../../collector/auth/kubernetes/api-users.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { silentLog } from '../../../../runtime/log.ts'
import { startKubernetesApi } from '../../kubernetes-api.ts'

const audience = 'gabion-collector-api'
const reader = { namespace: 'ops', serviceAccount: 'reader', audiences: [audience], pod: undefined }
const user = 'system:serviceaccount:ops:reader'
const reviews = '/apis/authentication.k8s.io/v1/tokenreviews'
const accesses = '/apis/authorization.k8s.io/v1/subjectaccessreviews'

async function start(t: Test) {
  const cluster = await startKubernetesApi(t)
  let monotonicMs = 0
  let waitMs = 0
  const clock = { ...systemClock, monotonic: () => monotonicMs }
  const api = openApiServer(cluster)
  const who = createApiUsers({
    ...{ clusters: [{ name: 'local', apiAudience: audience, issuer: '', api }], clock, log: silentLog },
    limiter: { take: () => waitMs },
  })
  return {
    ...{ cluster, who },
    asked: (path: string) => cluster.requests.filter(request => request === `POST ${path}`).length,
    pass: (ms: number) => {
      monotonicMs += ms
    },
    putOff: (ms: number) => {
      waitMs = ms
    },
  }
}

t.test('a token of an unbound ServiceAccount is its user, with the rights that RBAC grants and no others', async t => {
  const { cluster, who } = await start(t)
  cluster.grants.add(`${user} list gabion.io/hosts`)
  cluster.grants.add('system:serviceaccounts:ops get gabion.io/hosts')
  const principal = await who(cluster.mint(reader))
  t.match(principal, { kind: 'kubernetes', name: `kubernetes:local/${user}`, role: '', scope: {} })
  t.ok(principal.expiresAtMs > Date.now())
  t.equal(await principal.may({ resource: 'hosts', verb: 'list' }), true)
  t.equal(await principal.may({ resource: 'hosts', verb: 'get' }), true, 'by a group of the user')
  t.equal(await principal.may({ resource: 'hosts', verb: 'delete' }), false)
  t.equal(await principal.may({ resource: 'audit', verb: 'list' }), false)
})

t.test('tokens of agents, of other audiences, forged and old ones are of nobody', async t => {
  const { cluster, who, asked } = await start(t)
  const nobody = (message: RegExp) => ({ name: 'NotIdentified', message })
  await t.rejects(who(cluster.mint()), nobody(/its audience has to be gabion-collector-api/))
  await t.rejects(who('gabion'), nobody(/neither an API token nor a ServiceAccount token/))
  t.equal(asked(reviews), 0, 'no cluster was shown them')
  await t.rejects(who(cluster.mint({ ...reader, lifeMs: -1_000 })), nobody(/has expired/))
  const [head, payload] = cluster.mint(reader).split('.')
  await t.rejects(who(`${head}.${payload}.AAAA`), nobody(/invalid bearer token/))
  cluster.knowsAudiences = false
  await t.rejects(who(cluster.mint(reader)), nobody(/is not for the audience/))
})

t.test('answers are believed for a minute, refusals for ten seconds', async t => {
  const { cluster, who, asked, pass } = await start(t)
  cluster.grants.add(`${user} list gabion.io/hosts`)
  const token = cluster.mint(reader)
  const [one, other] = await Promise.all([who(token), who(token)])
  t.equal(one, other)
  t.equal(asked(reviews), 1, 'asked once for two at a time')
  await one.may({ resource: 'hosts', verb: 'list' })
  await one.may({ resource: 'hosts', verb: 'list' })
  await one.may({ resource: 'drift', verb: 'list' })
  t.equal(asked(accesses), 2)
  pass(11_000)
  cluster.grants.add(`${user} list gabion.io/drift`)
  t.equal(await one.may({ resource: 'drift', verb: 'list' }), true, 'what was granted since')
  cluster.grants.clear()
  t.equal(await one.may({ resource: 'hosts', verb: 'list' }), true)
  pass(50_000)
  t.equal(await one.may({ resource: 'hosts', verb: 'list' }), false, 'what was taken away a minute ago')
  await who(token)
  t.equal(asked(reviews), 2)
})

t.test('a user whose ServiceAccount token was invalidated is nobody within a minute', async t => {
  const { cluster, who, pass } = await start(t)
  const token = cluster.mint({ audiences: [audience], pod: 'agent-a' })
  await who(token)
  cluster.pods.delete('gabion/agent-a')
  await who(token)
  pass(61_000)
  await t.rejects(who(token), { name: 'NotIdentified', message: /has been invalidated/ })
})

t.test('a cluster that cannot be asked, and too many questions, say when to come again', async t => {
  const { cluster, who, putOff } = await start(t)
  cluster.grants.add(`${user} list gabion.io/hosts`)
  const token = cluster.mint(reader)
  for (const mode of ['garbage', 'overloaded', 'reset', 'other-kind'] as const) {
    cluster.mode = mode
    await t.rejects(who(token), { name: 'CannotIdentify', retryAfterMs: 5_000 }, mode)
  }
  cluster.mode = 'well'
  const principal = await who(token)
  cluster.rights.delete('create subjectaccessreviews')
  const right = { resource: 'hosts', verb: 'list' } as const
  await t.rejects(principal.may(right), { name: 'CannotIdentify' }, 'the collector may not ask')
  cluster.rights.add('create subjectaccessreviews')
  putOff(1_234)
  await t.rejects(principal.may(right), { name: 'CannotIdentify', retryAfterMs: 1_234 })
  putOff(0)
  t.equal(await principal.may(right), true, 'a failure is not kept')
})

t.test('a token is shown to one cluster only', async t => {
  const { cluster } = await start(t)
  const api = openApiServer(cluster)
  const one = { apiAudience: audience, issuer: '', api }
  const limiter = { take: () => 0 }
  const clusters = [
    { ...one, name: 'a' },
    { ...one, name: 'b' },
  ]
  const who = createApiUsers({ clusters, clock: systemClock, log: silentLog, limiter })
  await t.rejects(who(cluster.mint(reader)), /for the audiences of several clusters/)
  t.same(cluster.requests, [])
})
