// Who is connected, and when hosts were heard last.
import t from 'tap'
import { createBacklog } from '../../../collector/ingest/backlog.ts'
import { createConnections } from '../../../collector/ingest/connections.ts'
import type { Store } from '../../../collector/store/store.ts'
import type { StoreTransaction } from '../../../collector/store/transaction.ts'
import { fakeStream } from '../fake-stream.ts'
import { openDomain } from '../open-domain.ts'

t.test('the newest stream of a host wins, and the end of an older one changes nothing', async t => {
  const { store } = await openDomain(t)
  const connections = createConnections(store)
  const [old, young] = [fakeStream(1), fakeStream(2)]
  connections.open(1, old)
  connections.open(1, young)
  t.same(old.events, ['replaced'])
  connections.close(1, old)
  t.ok(connections.hosts.has(1))
  t.ok(connections.rescan(1, 'id', ['ports', 'host']))
  t.same(young.events, ['rescan id ports,host'])
  connections.close(1, young)
  t.notOk(connections.hosts.has(1))
  t.notOk(connections.rescan(1, 'id', []))
})

t.test('streams that say nothing are ended', async t => {
  const { store } = await openDomain(t)
  const connections = createConnections(store)
  const [silent, loud] = [fakeStream(10), fakeStream(30)]
  connections.open(1, silent)
  connections.open(2, loud)
  connections.endSilent(20)
  t.same([silent.events, loud.events], [['silent'], []])
  connections.endAll()
  t.same(loud.events, ['shutting_down'])
})

t.test('when a host was heard last is written in bulk and never goes back', async t => {
  const { store, open } = await openDomain(t)
  const [a, b] = [await open('a'), await open('b')]
  const connections = createConnections(store)
  const late = Date.parse('2100-01-01T00:00:00.000Z')
  connections.open(a.host, fakeStream(late))
  connections.open(b.host, fakeStream(5))
  await connections.flush()
  const { items } = await store.read.hosts({ connected: connections.hosts, sort: 'hostname' }, { limit: 5 })
  t.equal(items[0]?.lastSeen, '2100-01-01T00:00:00.000Z')
  t.ok((items[1]?.lastSeen ?? '') > '2020', 'an earlier time does not overwrite a later one')
})

t.test('a host that went is written with the time of its last word', async t => {
  const { store, open } = await openDomain(t)
  const { host } = await open('a')
  const connections = createConnections(store)
  const stream = fakeStream(Date.parse('2100-01-01T00:00:00.000Z'))
  connections.open(host, stream)
  connections.close(host, stream)
  await connections.flush()
  t.match((await store.read.hosts({ connected: new Set(), sort: 'hostname' }, { limit: 5 })).items, [
    { lastSeen: '2100-01-01T00:00:00.000Z', connected: false },
  ])
})

t.test('how far behind a host is, and which are, is that of the stream in force', async t => {
  const { store } = await openDomain(t)
  const connections = createConnections(store)
  const behind = fakeStream(1, 'a', { kind: 'unproven' }, createBacklog(5, 1_000))
  connections.open(1, behind)
  connections.open(2, fakeStream(1, 'b'))
  t.same(connections.syncOf('a', 61_000), { state: 'catching-up', behindMs: 60_000, queuedChanges: 5 })
  t.match(connections.syncOf('b', 61_000), { state: 'current' })
  t.equal(connections.syncOf('c', 61_000), undefined)
  t.same([...connections.catchingUp(61_000)], [1])
  const again = fakeStream(2, 'a')
  connections.open(1, again)
  connections.close(1, behind)
  t.match(connections.syncOf('a', 61_000), { state: 'current' })
  t.same(
    [...connections.all()].map(({ hostId }) => hostId),
    ['a', 'b'],
  )
  connections.close(1, again)
  t.equal(connections.syncOf('a', 61_000), undefined)
})

t.test('who speaks all the time is not written each time', async t => {
  const written: (readonly [number, number])[] = []
  const touchHosts = async (seen: ReadonlyMap<number, number>) => void written.push(...seen)
  const connections = createConnections(storeWith({ touchHosts }))
  const stream = { ...fakeStream(100_000), heardMs: 100_000 }
  connections.open(1, stream)
  await connections.flush()
  stream.heardMs += 59_999
  await connections.flush()
  t.same(written, [[1, 100_000]])
  stream.heardMs += 1
  await connections.flush()
  t.same(written.slice(1), [[1, 160_000]])
  stream.heardMs += 1
  connections.close(1, stream)
  await connections.flush()
  t.same(written.slice(2), [[1, 160_001]], 'its last word is')
  connections.open(1, stream)
  await connections.flush()
  t.same(written.slice(3), [[1, 160_001]], 'and the first one after it came back')
})

t.test('many hosts are written in several transactions, and those that fail again later', async t => {
  const sizes: number[] = []
  let left = 2
  const touchHosts = async (seen: ReadonlyMap<number, number>) => {
    if (left-- === 0) throw new Error('the disk is full')
    sizes.push(seen.size)
  }
  const connections = createConnections(storeWith({ touchHosts }))
  for (let host = 1; host <= 600; host++) {
    connections.open(host, fakeStream(1_000_000))
    connections.close(host, fakeStream(1_000_000))
  }
  await t.rejects(connections.flush(), { message: 'the disk is full' })
  t.same(sizes, [250, 250])
  await connections.flush()
  t.same(sizes, [250, 250, 100])
})

/** A store that writes nothing but this. */
const storeWith = (writes: Pick<StoreTransaction, 'touchHosts'>) =>
  ({
    write: (work: (transaction: StoreTransaction) => unknown) => work(writes as StoreTransaction),
  }) as unknown as Store
