// Deleting a host: nothing of it is left, and counters are those of the hosts that stay.
import t from 'tap'
import { hostTables } from '../../../../collector/store/sql/delete-host.ts'
import { openReader } from '../../../../collector/store/sqlite/open-database.ts'
import { countsOf } from '../../../../collector/store/tally.ts'
import { fillFleet } from '../../fill-fleet.ts'
import { startTestCollector } from '../../start-collector.ts'

t.test('every table with rows of hosts is named', async t => {
  const collector = await startTestCollector(t)
  const reader = openReader(`${collector.dataDirectory}/collector.db`)
  t.teardown(() => reader.close())
  const sql = `select m.name from sqlite_master m join pragma_table_info(m.name) c
    where m.type = 'table' and c.name = 'host_no' and m.name <> 'host' order by m.name`
  const tables = reader.prepare(sql).all([]) as { name: string }[]
  // Alerts stay until their receivers are told that they are over, which a host that is gone is a reason for.
  t.same(
    tables.map(({ name }) => name),
    [...hostTables, 'notification_alert'].sort(),
  )
})

t.test('a deleted host is gone from every list and every count', async t => {
  const collector = await startTestCollector(t)
  const [first, second] = await fillFleet(t, collector, 2, { value: index => (index === 0 ? 99 : 1) })
  const { store } = collector
  t.ok(first && second)
  const before = await store.read.fleet()
  t.equal(before.hosts, 2)
  t.equal(await store.write(transaction => transaction.deleteHost('nobody')), false)
  t.equal(await store.write(transaction => transaction.deleteHost(first?.id ?? '')), true)
  const after = await store.read.fleet()
  t.equal(after.hosts, 1)
  const host = await store.read.host(second?.id ?? '', new Set())
  t.strictSame(countsOf(after.results), host?.counts)
  t.same(
    (await collector.results()).filter(({ hostId }) => hostId === first?.id),
    [],
  )
  t.same(
    (await collector.drift()).filter(({ hostId }) => hostId === first?.id),
    [],
  )
  t.equal(await store.read.host(first?.id ?? '', new Set()), undefined)
})

t.test('a retired host counts no more, keeps its past, and is judged again when it is released', async t => {
  const collector = await startTestCollector(t)
  const [first, second] = await fillFleet(t, collector, 2, { value: index => (index === 0 ? 99 : 1) })
  const { store } = collector
  const id = first?.id ?? ''
  t.equal(await store.write(transaction => transaction.retireHost('nobody', 'gone', 1)), false)
  t.equal(await store.write(transaction => transaction.retireHost(id, 'gone', 1)), true)
  const kept = await store.read.host(second?.id ?? '', new Set())
  t.strictSame(countsOf((await store.read.fleet()).results), kept?.counts)
  t.same(
    (await collector.results()).filter(({ hostId }) => hostId === id),
    [],
  )
  t.match(await store.read.host(id, new Set()), { standing: 'retired', counts: { pass: 0, fail: 0 } })
  t.equal((await store.read.facets(id)).length, 1)
  t.same(await store.read.hostsToJudge('zzz', 0, 10), [2])
  const released = { hostId: id, standing: 'active', reason: '', sinceMs: 0 } as const
  await store.write(transaction => transaction.setStanding(released))
  t.same((await store.read.hostsToJudge('zzz', 0, 10)).length, 2)
})

t.test('who may see some hosts only is told of no other', async t => {
  const collector = await startTestCollector(t)
  const labels = (index: number) => ({ role: index === 0 ? 'db' : 'web', site: 'a' })
  const [database] = await fillFleet(t, collector, 3, { labels, value: index => (index === 0 ? 99 : 1) })
  const { read } = collector.store
  const scope = { role: 'db' }
  const host = await read.host(database?.id ?? '', new Set(), scope)
  const all = { connected: new Set<number>(), sort: 'hostname' } as const
  t.same((await read.hosts({ ...all, scope }, { limit: 9 })).items, [host])
  t.same((await read.hosts({ ...all, scope: { role: 'db', site: 'b' } }, { limit: 9 })).items, [])
  const others = (await read.hosts({ ...all, labels: [{ key: 'role', value: 'web' }] }, { limit: 9 })).items
  t.equal(others.length, 2)
  t.equal(await read.host(others[0]?.id ?? '', new Set(), scope), undefined)
  t.equal(await read.hostNumber(others[0]?.id ?? '', scope), undefined)
  t.ok((await read.results({ scope }, { limit: 99 })).items.every(({ hostId }) => hostId === database?.id))
  t.ok((await read.results({ scope }, { limit: 99 })).items.length > 0)
  t.ok((await read.drift({ scope }, { limit: 99 })).items.every(({ hostId }) => hostId === database?.id))
  t.ok((await read.driftAfter(0, 99, scope)).every(({ hostId }) => hostId === database?.id))
  const fleet = await read.fleet(scope)
  t.equal(fleet.hosts, 1)
  t.strictSame(countsOf(fleet.results), host?.counts)
  const counted = (await read.checks(scope)).reduce((sum, { counts }) => sum + counts.fail + counts.pass, 0)
  t.equal(counted, (host?.counts.fail ?? 0) + (host?.counts.pass ?? 0))
  t.strictSame(await read.checks({ role: 'nothing' }).then(rows => rows.length), (await read.checks()).length)
})
