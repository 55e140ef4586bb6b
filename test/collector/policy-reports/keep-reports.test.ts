// Keeping reports of a cluster: how fast they are written, and what is not written while nobody knows the nodes.
import t, { type Test } from 'tap'
import type { ApiAnswer, ApiRequest } from '../../../collector/auth/kubernetes/api-server.ts'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { createNodeBook } from '../../../collector/kubernetes/node-book.ts'
import { keepReports } from '../../../collector/policy-reports/keep-reports.ts'
import { createTokenBucket } from '../../../runtime/token-bucket.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { recordingLog } from '../../recording-log.ts'
import { smallState } from '../../small-facet.ts'
import { until } from '../../until.ts'
import { changeOf, openDomain } from '../open-domain.ts'

const hosts = 40
const uids = Array.from({ length: hosts }, (_, index) => `u-${index}`)

/** Hosts that were judged, a clock, and an API server that takes everything. */
async function start(t: Test) {
  const domain = await openDomain(t)
  for (const uid of uids) {
    const { host } = await domain.open(`kubernetes:c/${uid}`)
    await domain.commits.submit(host, unit => applyChange(unit, changeOf(1, smallState({ a: 50 })), domain.apply))
  }
  await domain.judging.idle()
  const clock = createFakeClock()
  const { log, lines } = recordingLog()
  const book = createNodeBook(() => undefined)
  const asked: ApiRequest[] = []
  const api = {
    async ask(what: ApiRequest): Promise<ApiAnswer> {
      asked.push(what)
      return { status: 200, body: { metadata: {}, items: [] } }
    },
  }
  const ended = new AbortController()
  const limiter = createTokenBucket(clock, { perSecond: 5, burst: 20 })
  const shared = {
    cluster: 'c',
    owner: 'f00d',
    api,
    nodes: book,
    store: domain.store,
    limiter,
    clock,
    log,
    random: () => 1,
  }
  const done = keepReports({ ...shared, kind: 'openreports', onWrite: () => undefined }, ended.signal)
  t.teardown(async () => {
    ended.abort()
    await done
  })
  const applied = () => asked.filter(({ method }) => method === 'APPLY').length
  return { domain, clock, book, asked, lines, applied, end: () => ended.abort(), done }
}

/** Time passes in steps, with turns in between for what the database answers. */
async function pass({ clock }: { readonly clock: ReturnType<typeof createFakeClock> }, ms: number) {
  for (let step = 0; step < 20; step++) await clock.advance(ms / 20)
}

t.test('reports are written no faster than is good for the cluster', async t => {
  const keeping = await start(t)
  const { applied, book } = keeping
  book.replace(uids.map(uid => ({ uid, name: `node-${uid}`, labels: '{}' })))
  await until(async () => {
    await keeping.clock.advance(applied() === 0 ? 1_000 : 0)
    return applied() >= 20
  })
  await pass(keeping, 0)
  const first = applied()
  await pass(keeping, 1_000)
  t.ok(applied() - first <= 6, `${applied() - first} in a second`)
  await until(async () => {
    await keeping.clock.advance(200)
    return applied() === hosts
  })
  await pass(keeping, 60_000)
  t.equal(applied(), hosts, 'each once')
  t.match(keeping.asked[0], { method: 'GET', metadataOnly: 'list' })
  t.match(keeping.asked.at(-1), { path: /\?fieldManager=gabion-collector&force=true$/ })
})

t.test(
  'while nobody knows the nodes nothing is written or taken away; of nodes that are gone no report stays',
  async t => {
    const keeping = await start(t)
    const { applied, asked, book } = keeping
    await pass(keeping, 60_000)
    t.equal(applied(), 0, 'not before the first list')
    const [one = '', other = ''] = uids
    book.replace([one, other].map(uid => ({ uid, name: `node-${uid}`, labels: '{}' })))
    await until(async () => {
      await keeping.clock.advance(1_000)
      return applied() === 2
    })
    book.setCurrent(false)
    book.remove(one)
    const before = asked.length
    await pass(keeping, 60_000)
    t.equal(asked.length, before)
    book.setCurrent(true)
    await until(async () => {
      await keeping.clock.advance(1_000)
      return asked.some(({ method }) => method === 'DELETE')
    })
    t.same(
      asked.filter(({ method }) => method === 'DELETE').map(({ path }) => path),
      [`/apis/openreports.io/v1alpha1/clusterreports/gabion-f00d-${one}`],
    )
  },
)

t.test('it ends in the middle of what it does', async t => {
  const keeping = await start(t)
  keeping.book.replace(uids.map(uid => ({ uid, name: `node-${uid}`, labels: '{}' })))
  await until(async () => {
    await keeping.clock.advance(1_000)
    return keeping.applied() > 0
  })
  keeping.end()
  await keeping.done
  t.same(keeping.lines, [])
})
