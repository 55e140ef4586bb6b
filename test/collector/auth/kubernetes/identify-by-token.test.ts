// Nodes by their tokens: who is asked, how often, for how long it holds, and what a cluster that is away means.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openApiServer } from '../../../../collector/auth/kubernetes/api-server.ts'
import { identifyByToken } from '../../../../collector/auth/kubernetes/identify-by-token.ts'
import { type Log, silentLog } from '../../../../runtime/log.ts'
import { createFakeClock } from '../../../fake-clock.ts'
import { type KubernetesApi, type MintOptions, serveKubernetesApi } from '../../kubernetes-api.ts'

const reviews = (cluster: KubernetesApi) => cluster.requests.filter(request => request.startsWith('POST ')).length
const refused = (message: RegExp) => ({ name: 'NotIdentified', message, retryAfterMs: 60_000 })
const putOff = (message: RegExp) => ({ name: 'CannotIdentify', message })

interface StartOptions {
  readonly names?: readonly string[]
  readonly audienceOf?: (name: string) => string
  readonly issuerOf?: (name: string) => string
  readonly limiter?: { take(): number }
}

async function start(t: Test, options: StartOptions = {}) {
  const { names = ['local'], audienceOf = () => 'gabion-collector', issuerOf = () => '' } = options
  const directory = t.testdir(Object.fromEntries(names.map(name => [name, {}])))
  const apis = await Promise.all(names.map(name => serveKubernetesApi(t, join(directory, name))))
  const clock = createFakeClock(Date.now())
  const lines: string[] = []
  const log: Log = {
    ...silentLog,
    error: (message, fields) => lines.push(`${message}: ${fields?.['reason']}`),
    info: message => lines.push(message),
  }
  const clusters = apis.map((api, index) => {
    const name = names[index] ?? ''
    const ours = { audience: audienceOf(name), issuer: issuerOf(name), serviceAccounts: ['gabion:gabion-agent'] }
    return { name, ...ours, api: openApiServer({ ...api, timeoutMs: 400 }) }
  })
  const identify = identifyByToken({ clusters, clock, log, limiter: options.limiter ?? { take: () => 0 } })
  const show = (token: string) => identify({ authorization: `Bearer ${token}`, address: '10.0.0.1:1' })
  const [first] = apis
  if (!first) throw new Error('no cluster')
  return { apis, first, clock, lines, identify, show }
}

t.test('a token is of its node, by cluster, name and uid', async t => {
  const { first, show } = await start(t)
  const pod = { namespace: 'gabion', name: 'agent-b', uid: first.pods.get('gabion/agent-b')?.uid }
  const expected = { kind: 'kubernetes', cluster: 'local', nodeName: 'node-b', nodeUid: first.nodes.get('node-b'), pod }
  t.same(await show(first.mint({ pod: 'agent-b' })), expected)
})

t.test('what is no bearer token of a ServiceAccount reaches no API server', async t => {
  const { first, identify, show } = await start(t)
  for (const authorization of ['', 'Bearer ', 'Basic abc', 'Bearer a b']) {
    await t.rejects(identify({ authorization, address: '' }), refused(/takes ServiceAccount tokens and enrolls/))
  }
  await t.rejects(show('abc'), refused(/is no ServiceAccount token/))
  await t.rejects(show(first.mint({ audiences: ['vault'] })), refused(/no audience and issuer of the clusters/))
  t.same(first.requests, [])
  t.match(await identify({ authorization: `bearer  ${first.mint()}`, address: '' }), { nodeName: 'node-a' })
})

t.test('a token is reviewed once a minute, also when it is shown many times at once', async t => {
  const { first, clock, show } = await start(t)
  const token = first.mint()
  const all = await Promise.all(Array.from({ length: 50 }, () => show(token)))
  t.equal(new Set(all.map(one => JSON.stringify(one))).size, 1)
  t.equal(reviews(first), 1)
  await clock.advance(59_999)
  await show(token)
  t.equal(reviews(first), 1)
  first.pods.delete('gabion/agent-a')
  await clock.advance(2)
  await t.rejects(show(token), refused(/has been invalidated/), 'a deleted pod is noticed within a minute')
  t.equal(reviews(first), 2)
})

t.test('a review holds no longer than its token', async t => {
  const { first, clock, show } = await start(t)
  const token = first.mint({ lifeMs: 20_000 })
  await show(token)
  await clock.advance(20_001)
  await show(token)
  t.equal(reviews(first), 2)
})

t.test('a refusal is remembered for ten seconds', async t => {
  const { first, clock, show } = await start(t)
  const token = first.mint({ serviceAccount: 'default' })
  for (let time = 0; time < 5; time++) await t.rejects(show(token), refused(/of nobody/))
  t.equal(reviews(first), 1)
  await clock.advance(10_001)
  await t.rejects(show(token), refused(/of nobody/))
  t.equal(reviews(first), 2)
})

t.test('a cluster that cannot be asked says nothing about a token: it is to come again', async t => {
  const { first, lines, show } = await start(t)
  const token = first.mint()
  for (const mode of ['hang', 'garbage', 'huge', 'overloaded', 'redirect', 'other-kind', 'reset'] as const) {
    first.mode = mode
    const thrown = await show(token).catch(error => error)
    t.match(thrown, putOff(/API server of cluster local cannot be asked about the token now/), mode)
    t.ok(thrown.retryAfterMs >= 5_000 && thrown.retryAfterMs <= 10_000, `after ${thrown.retryAfterMs} ms`)
    t.notMatch(thrown.message, /127\.0\.0\.1/, 'the agent is not told where')
  }
  first.mode = 'well'
  t.match(await show(token), { nodeName: 'node-a' }, 'and nothing of it is remembered')
  t.match(lines[0], /^tokens of a cluster cannot be reviewed: https:\/\/127\.0\.0\.1:\d+ gave no answer within 400 ms$/)
  t.equal(lines.at(-1), 'tokens of a cluster are reviewed again')
  first.ownToken = 'rotated'
  await t.rejects(show(first.mint()), putOff(/cannot be asked/), 'nor is the collector’s own token the agent’s fault')
  await t.rejects(show(first.mint()), putOff(/cannot be asked/))
  t.equal(lines.filter(line => line.includes('answered 401')).length, 1, 'told once')
  t.match(await show(token), { nodeName: 'node-a' }, 'who was reviewed is known meanwhile')
  writeFileSync(first.tokenFile, 'rotated')
  t.match(await show(first.mint()), { nodeName: 'node-a' })
})

t.test('a token is shown to one cluster only, which it names by its audience', async t => {
  const { apis, show } = await start(t, { names: ['east', 'west'], audienceOf: name => `gabion-${name}` })
  const [east, west] = apis as [KubernetesApi, KubernetesApi]
  const mint = (cluster: KubernetesApi, name: string, options: MintOptions = {}) =>
    cluster.mint({ audiences: [`gabion-${name}`], ...options })
  t.match(await show(mint(west, 'west')), { cluster: 'west', nodeUid: west.nodes.get('node-a') })
  t.same(east.requests, [])
  t.match(await show(mint(east, 'east')), { cluster: 'east', nodeUid: east.nodes.get('node-a') })
  t.equal(reviews(west), 1)
  await t.rejects(show(mint(west, 'east')), refused(/does not accept the token: invalid bearer token/))
  await t.rejects(
    show(west.mint({ audiences: ['gabion-east', 'gabion-west'] })),
    refused(/for the audiences of several clusters/),
  )
})

t.test('or by its issuer, where all have the same audience', async t => {
  const { apis, show } = await start(t, { names: ['east', 'west'], issuerOf: name => `https://${name}` })
  const [east, west] = apis as [KubernetesApi, KubernetesApi]
  t.match(await show(west.mint({ issuer: 'https://west' })), { cluster: 'west' })
  t.match(await show(east.mint({ issuer: 'https://east' })), { cluster: 'east' })
  await t.rejects(show(east.mint({ issuer: 'https://north' })), refused(/no audience and issuer/))
  t.same([reviews(east), reviews(west)], [1, 1])
})

t.test('a cluster that is away holds up no other', async t => {
  const { apis, show } = await start(t, { names: ['east', 'west'], issuerOf: name => `https://${name}` })
  const [east, west] = apis as [KubernetesApi, KubernetesApi]
  east.mode = 'hang'
  const stuck = show(east.mint({ issuer: 'https://east' }))
  t.match(await show(west.mint({ issuer: 'https://west' })), { cluster: 'west' })
  await t.rejects(stuck, putOff(/cluster east/))
})

t.test('more new tokens than may be reviewed are put off, known ones are not', async t => {
  let left = 1
  const { first, show } = await start(t, { limiter: { take: () => (left-- > 0 ? 0 : 700) } })
  const known = first.mint()
  await show(known)
  const thrown = await show(first.mint()).catch(error => error)
  t.match(thrown, putOff(/too many tokens/))
  t.ok(thrown.retryAfterMs >= 700 && thrown.retryAfterMs <= 1_400)
  t.match(await show(known), { nodeName: 'node-a' })
  t.equal(reviews(first), 1)
})

t.test('reviews under way are bounded', async t => {
  const { first, show } = await start(t)
  first.mode = 'hang'
  const all = await Promise.allSettled(Array.from({ length: 600 }, () => show(first.mint())))
  const reasons = all.map(one => (one.status === 'rejected' ? String(one.reason.message) : ''))
  t.equal(reasons.filter(reason => reason.startsWith('too many')).length, 600 - 512)
  t.ok(first.requests.length < 64, `${first.requests.length} reached the API server at once`)
})
