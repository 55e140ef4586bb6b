// Hosts that follow their nodes, on both databases: many at once (5,000 with GABION_FULL), by several collectors, and after a failure.
import t, { type Test } from 'tap'
import { createNodeFollower } from '../../../collector/kubernetes/follow-nodes.ts'
import { createNodeBook, type NodeBook } from '../../../collector/kubernetes/node-book.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { recordingLog } from '../../recording-log.ts'
import { startPostgres, whyNoPostgres } from '../../start-postgres.ts'
import { until } from '../../until.ts'
import { type Domain, openDomain } from '../open-domain.ts'

const nodeOf = (uid: string, labels: Readonly<Record<string, string>> = {}) => ({
  ...{ uid, name: `node-${uid}`, labels: JSON.stringify(labels) },
})

/** Of as large a cluster as Kubernetes supports, when there is time for it. */
const many = process.env['GABION_FULL'] !== undefined ? 5_000 : 300

const about = { machineId: '', bootId: '', agentVersion: '1', outboxId: 'o', skewMs: 0, labels: {} }

async function openHosts(domain: Domain, uids: readonly string[], atMs: number): Promise<void> {
  await domain.store.write(async transaction => {
    for (const uid of uids) {
      await transaction.openHost({ ...about, hostKey: `kubernetes:c/${uid}`, hostname: uid, atMs })
    }
  })
}

/** One collector's part of it; its writes are counted. */
function follow(t: Test, domain: Domain, clock = createFakeClock()) {
  const { log, lines } = recordingLog()
  const ended = new AbortController()
  const writes = { count: 0, fail: 0 }
  const relabelled: unknown[] = []
  const submit: Domain['commits']['submit'] = (host, work) => {
    writes.count++
    if (writes.fail-- > 0) return Promise.reject(new Error('the disk is full'))
    return domain.commits.submit(host, work)
  }
  const stream = { relabel: (labels: object) => relabelled.push(labels) }
  const connected = new Set<number>()
  const streamOf = (host: number) => (connected.has(host) ? (stream as never) : undefined)
  const book: NodeBook = createNodeBook(change => follower.changed(change))
  const options = { cluster: 'c', nodes: book, store: domain.store, commits: { submit }, connections: { streamOf } }
  const follower = createNodeFollower({ ...options, retireAfterMs: 600_000, clock, log })
  const done = follower.run(ended.signal)
  t.teardown(async () => {
    ended.abort()
    await done
  })
  return { book, clock, lines, writes, connected, relabelled }
}

const labelled = async (domain: Domain, value: string) =>
  domain.store.read.hostCount({ connected: new Set(), sort: 'hostname', labels: [{ key: 'a', value }] })

function suite(t: Test, open: (t: Test) => Promise<Domain>): void {
  t.test('many nodes have their labels, and one that changes costs one write', async t => {
    const domain = await open(t)
    const uids = Array.from({ length: many }, (_, index) => String(index))
    await openHosts(domain, uids, 1_000)
    const { book, writes } = follow(t, domain)
    book.replace(uids.map(uid => nodeOf(uid, { a: '1', 'kubernetes.io/hostname': `node-${uid}` })))
    await until(async () => (await labelled(domain, '1')) === many)
    t.equal(writes.count, many)
    book.put(nodeOf('7', { a: '2' }))
    await until(async () => (await labelled(domain, '2')) === 1)
    t.equal(writes.count, many + 1)
    book.replace(uids.map(uid => nodeOf(uid, { a: uid === '9' ? '2' : '1' })))
    await until(async () => (await labelled(domain, '2')) === 1 && (await labelled(domain, '1')) === many - 1)
  })

  t.test('several collectors do the same: what one did, the others find done', async t => {
    const domain = await open(t)
    await openHosts(domain, ['1', '2', '3'], 1_000)
    const [one, other] = [follow(t, domain), follow(t, domain)]
    for (const { book } of [one, other]) book.replace(['1', '2', '3'].map(uid => nodeOf(uid, { a: '1' })))
    await until(async () => (await labelled(domain, '1')) === 3)
    await domain.commits.drained()
    await domain.judging.idle()
    const host = await domain.store.read.clusterHost('kubernetes:c/1')
    t.same(host?.grantedLabels, { a: '1' })
    for (const { book, clock } of [one, other]) {
      book.replace([nodeOf('1', { a: '1' }), nodeOf('2', { a: '1' })])
      await clock.advance(31_000)
    }
    const audit = async () => (await domain.store.read.audit({}, { limit: 10 })).items
    await until(async () => (await audit()).length > 0)
    for (const { clock } of [one, other]) for (let round = 0; round < 3; round++) await clock.advance(31_000)
    await domain.commits.drained()
    t.match(await audit(), [{ actor: 'kubernetes:c', detail: { standing: 'retired', reason: 'node deleted' } }])
    t.equal((await audit()).length, 1, 'it retires once')
  })

  t.test('a write that fails is tried again with all the rest, and said once', async t => {
    const domain = await open(t)
    await openHosts(domain, ['1', '2'], 1_000)
    const { book, writes, lines, clock } = follow(t, domain)
    writes.fail = 2
    book.replace([nodeOf('1', { a: '1' }), nodeOf('2', { a: '1' })])
    await until(async () => {
      await clock.advance(5_000)
      return (await labelled(domain, '1')) === 2
    })
    t.match(lines, [
      { level: 'error', message: 'hosts could not follow their nodes', fields: { reason: 'the disk is full' } },
    ])
    t.equal(lines.length, 1)
  })

  t.test('a stream is told the labels of its host, and a connected host never retires', async t => {
    const domain = await open(t)
    const clock = createFakeClock()
    await openHosts(domain, ['1', '2', '3'], 1_000)
    const { book, connected, relabelled, lines } = follow(t, domain, clock)
    const { host = 0 } = (await domain.store.read.clusterHost('kubernetes:c/1')) ?? {}
    connected.add(host)
    book.replace([nodeOf('1', { a: '1' })])
    await until(() => relabelled.length > 0)
    t.same(relabelled, [{ a: '1' }])
    const standings = async () => (await domain.store.read.standings()).map(({ reason }) => reason)
    for (const nodes of [[], [nodeOf('8'), nodeOf('9')]]) {
      book.replace(nodes)
      for (let round = 0; round < 5; round++) await clock.advance(31_000)
      await domain.commits.drained()
      t.same(await standings(), [], 'an API server that knows no node of any host is that of another cluster')
    }
    t.same(
      lines.map(({ message }) => message),
      ['the API server knows the node of no host: nobody retires'],
    )
    book.replace([nodeOf('3')])
    await until(async () => {
      await clock.advance(31_000)
      return (await standings()).length > 0
    })
    for (let round = 0; round < 5; round++) await clock.advance(31_000)
    await domain.commits.drained()
    t.same(await standings(), ['node deleted'], 'the other one alone')
  })
}

t.test('SQLite', async t => suite(t, t => openDomain(t)))

const why = whyNoPostgres()
t.test('PostgreSQL', { skip: why ?? false }, async t => {
  const server = await startPostgres(t)
  suite(t, async t => openDomain(t, { database: await server.database() }))
})
