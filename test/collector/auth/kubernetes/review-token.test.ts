// What the cluster says of a token, and what of that is enough.
import t, { type Test } from 'tap'
import { openApiServer } from '../../../../collector/auth/kubernetes/api-server.ts'
import { reviewToken } from '../../../../collector/auth/kubernetes/review-token.ts'
import { type MintOptions, startKubernetesApi } from '../../kubernetes-api.ts'

const ours = { audience: 'gabion-collector', serviceAccounts: ['gabion:gabion-agent'] }
const refused = (message: RegExp) => ({ name: 'NotIdentified', message })
const unavailable = (message: RegExp) => ({ name: 'ApiServerUnavailable', message })

async function start(t: Test) {
  const cluster = await startKubernetesApi(t)
  const api = openApiServer(cluster)
  const review = (token: string) => reviewToken(api, ours, token)
  return { cluster, api, review, mintAndReview: (options?: MintOptions) => review(cluster.mint(options)) }
}

t.test('a projected token of the agent is good, and brings what the API server knows of it', async t => {
  const { cluster, mintAndReview } = await start(t)
  t.match(await mintAndReview(), {
    namespace: 'gabion',
    serviceAccount: 'gabion-agent',
    extra: {
      'authentication.kubernetes.io/node-name': ['node-a'],
      'authentication.kubernetes.io/node-uid': [cluster.nodes.get('node-a')],
      'authentication.kubernetes.io/pod-name': ['agent-a'],
    },
  })
  t.same(cluster.requests, ['POST /apis/authentication.k8s.io/v1/tokenreviews'])
})

t.test('a token for somebody else is refused, also by a cluster that knows no audiences', async t => {
  const { cluster, mintAndReview } = await start(t)
  const forServer = { audiences: ['https://kubernetes.default.svc'] }
  await t.rejects(mintAndReview(forServer), refused(/does not accept the token: .*is invalid for the target audiences/))
  cluster.knowsAudiences = false
  await t.rejects(mintAndReview(forServer), refused(/is not for the audience gabion-collector/))
  await t.rejects(mintAndReview(), refused(/is not for the audience/), 'even ours: the server did not look')
})

t.test('another ServiceAccount speaks for no node', async t => {
  const { cluster, mintAndReview } = await start(t)
  const nobody = refused(/of nobody who may speak for a node/)
  await t.rejects(mintAndReview({ serviceAccount: 'default' }), nobody)
  cluster.pods.set('other/agent-a', { uid: 'u', nodeName: 'node-a' })
  await t.rejects(mintAndReview({ namespace: 'other' }), nobody, 'nor does one of the same name elsewhere')
})

t.test('the token of a deleted pod, an old one and a forged one are refused', async t => {
  const { cluster, review, mintAndReview } = await start(t)
  await t.rejects(mintAndReview({ lifeMs: -1_000 }), refused(/has expired/))
  const token = cluster.mint()
  const [head, , signature] = token.split('.')
  const claims = cluster.mint({ pod: 'agent-b' }).split('.')[1]
  await t.rejects(review(`${head}.${claims}.${signature}`), refused(/does not accept the token: invalid bearer token$/))
  cluster.pods.delete('gabion/agent-a')
  await t.rejects(review(token), refused(/has been invalidated/))
  cluster.pods.set('gabion/agent-a', { uid: 'another', nodeName: 'node-a' })
  await t.rejects(review(token), refused(/has been invalidated/), 'nor for a new pod of that name')
})

t.test('without the right to ask, or with an answer that is none, nothing is said about the token', async t => {
  const { cluster, mintAndReview } = await start(t)
  cluster.rights.delete('create tokenreviews')
  await t.rejects(mintAndReview(), unavailable(/may not create tokenreviews/))
  cluster.mode = 'other-kind'
  await t.rejects(mintAndReview(), unavailable(/answered by 201 and no review/))
})

t.test('answers that a server should not give are no vouching', async t => {
  const status = (change: object) => ({
    authenticated: true,
    audiences: ['gabion-collector'],
    user: { username: 'system:serviceaccount:gabion:gabion-agent' },
    ...change,
  })
  const answer = (change: object) => {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status: status(change) }
    return reviewToken({ ask: async () => ({ status: 201, body }) }, ours, 'secret-token')
  }
  t.same(await answer({}), { namespace: 'gabion', serviceAccount: 'gabion-agent', extra: {} })
  for (const authenticated of [false, null, undefined]) await t.rejects(answer({ authenticated }), refused(/accept/))
  for (const authenticated of ['true', 1]) await t.rejects(answer({ authenticated }), unavailable(/no review/))
  for (const username of ['', 'admin', 'system:serviceaccount:gabion', 'x:system:serviceaccount:gabion:gabion-agent']) {
    await t.rejects(answer({ user: { username } }), refused(/of nobody/), username)
  }
  await t.rejects(answer({ user: null }), refused(/of nobody/))
  await t.rejects(answer({ audiences: ['gabion-collector-2'] }), refused(/audience/))
  const error = `no secret-token \u001b[2J${'x'.repeat(1_000)}`
  const told = await answer({ authenticated: false, error }).catch((thrown: Error) => thrown.message)
  t.match(told, /does not accept the token: no … \\x1b\[2Jx+$/, 'the token is not repeated, nothing moves a cursor')
  t.ok(String(told).length < 400)
})
