// Hosts that are nodes of clusters, on both databases: what is granted to them, when they retire, how they come back.
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { noHost } from '../../../../collector/domain/host-writer.ts'
import { openStore } from '../../../../collector/store/open-store.ts'
import { migrate, migrations } from '../../../../collector/store/sql/migrate.ts'
import { openWriter } from '../../../../collector/store/sqlite/open-database.ts'
import { sqliteConnection } from '../../../../collector/store/sqlite/sqlite-connection.ts'
import type { HostOpening } from '../../../../collector/store/transaction.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { type Domain, openDomain } from '../../open-domain.ts'

type Labels = Readonly<Record<string, string>>

function openNode(domain: Domain, hostKey: string, change: Partial<HostOpening> = {}) {
  const about = {
    hostname: hostKey,
    machineId: '',
    bootId: '',
    agentVersion: '1',
    outboxId: 'o',
    skewMs: 0,
    atMs: 1_000,
  }
  const opening = { hostKey, labels: {}, ...about, ...change }
  return domain.commits.submit(noHost, unit => unit.transaction.openHost(opening))
}

const labelsOf = async ({ store }: Domain, id: string) => (await store.read.host(id, new Set()))?.labels

function suite(t: Test, open: (t: Test) => Promise<Domain>): void {
  t.test('what the cluster says goes over what the agent says, and can be taken back', async t => {
    const domain = await open(t)
    const { host, id } = await openNode(domain, 'kubernetes:c/1', { labels: { team: 'mine', rack: '7' } })
    const grant = (granted: Labels) => domain.store.write(transaction => transaction.grantLabels(host, granted))
    t.same(await grant({ team: 'a', zone: 'z' }), { labels: { team: 'a', rack: '7', zone: 'z' }, changed: true })
    t.same(await grant({ team: 'a', zone: 'z' }), { labels: { team: 'a', rack: '7', zone: 'z' }, changed: false })
    t.same(await labelsOf(domain, id), { team: 'a', rack: '7', zone: 'z' })
    t.same((await grant({ rack: '7' })).labels, { team: 'mine', rack: '7' }, 'the agent’s own are there again')
    t.equal((await grant({})).changed, false, 'granted or not, it is the same label')
  })

  t.test('an opening keeps what was granted, or brings what is granted now', async t => {
    const domain = await open(t)
    const { id } = await openNode(domain, 'kubernetes:c/1', { grantedLabels: { zone: 'a' } })
    t.same(await labelsOf(domain, id), { zone: 'a' })
    const kept = await openNode(domain, 'kubernetes:c/1', { labels: { zone: 'mine', own: '1' } })
    t.match(kept, { labels: { zone: 'a', own: '1' }, attributesChanged: true })
    const again = await openNode(domain, 'kubernetes:c/1', { labels: { zone: 'mine', own: '1' } })
    t.equal(again.attributesChanged, false)
    const other = await openNode(domain, 'kubernetes:c/1', { labels: { own: '1' }, grantedLabels: { zone: 'b' } })
    t.match(other, { labels: { zone: 'b', own: '1' }, attributesChanged: true })
    t.match(await domain.store.read.clusterHost('kubernetes:c/1'), { id, grantedLabels: { zone: 'b' } })
    t.equal(await domain.store.read.clusterHost('kubernetes:c/2'), undefined)
  })

  t.test('hosts of a cluster are those of its name alone, page by page', async t => {
    const domain = await open(t)
    const keys = [
      'kubernetes:c/1',
      'kubernetes:c-d/1',
      'kubernetes:c/Z_9',
      'kubernetes:cc/1',
      'kubernetes:c/2',
      'other',
    ]
    for (const key of keys) await openNode(domain, key)
    const page = async (after: number, limit: number) =>
      domain.store.read.clusterHosts('kubernetes:c/', { after, limit })
    const first = await page(0, 2)
    t.same(
      first.map(({ hostKey }) => hostKey),
      ['kubernetes:c/1', 'kubernetes:c/Z_9'],
    )
    t.match(await page(first.at(-1)?.host ?? 0, 2), [
      { hostKey: 'kubernetes:c/2', standing: 'active', lastSeenMs: 1_000 },
    ])
  })

  t.test(
    'an active host that was silent long enough retires; it returns when it was retired for that reason',
    async t => {
      const domain = await open(t)
      const { store } = domain
      const { host, id } = await openNode(domain, 'kubernetes:c/1')
      const retire = (before: number) =>
        store.write(transaction => transaction.retireSilent(host, 'node deleted', before, 5_000))
      const comeBack = (reason: string) => store.write(transaction => transaction.returnToFleet(host, reason, 6_000))
      t.equal(await retire(1_000), false, 'heard at that very time')
      t.equal(await retire(1_001), true)
      t.equal(await retire(1_001), false, 'once')
      t.match(await store.read.standing(id), { standing: 'retired', reason: 'node deleted', sinceMs: 5_000 })
      t.equal(await comeBack('scrapped'), false)
      t.equal(await comeBack('node deleted'), true)
      t.match(await store.read.standing(id), { standing: 'active', reason: '', sinceMs: 6_000 })
      const revoked = { hostId: id, standing: 'revoked', reason: 'node deleted', sinceMs: 7 } as const
      await store.write(transaction => transaction.setStanding(revoked))
      t.same([await retire(9_999), await comeBack('node deleted')], [false, false], 'what people decided stays')
    },
  )
}

t.test('labels of hosts from before are those of their agents, and what was granted stays over them', async t => {
  const path = join(t.testdir({}), 'collector.db')
  const writer = openWriter(path)
  const before = migrations.filter(({ number }) => number < 12)
  await migrate(sqliteConnection(writer).database, { nowMs: 0, list: before })
  writer.exec(`insert into host (id, host_key, hostname, machine_id, boot_id, agent_version, labels, granted_labels, skew_ms,
      first_seen, last_seen, score, coverage, tally, profiles, judged_with, next_judgement)
    values ('id', 'kubernetes:c/1', 'a', '', '', '1', '{"own":"1","team":"web"}', '{"team":"web"}', 0, 1, 2, 100, 100, '', '[]', '', 0)`)
  await migrate(sqliteConnection(writer).database, { nowMs: 0 })
  writer.close()
  const store = await openStore({ kind: 'sqlite', path }, systemClock)
  t.teardown(() => store.close())
  const { host = 0 } = (await store.read.clusterHost('kubernetes:c/1')) ?? {}
  const granted = await store.write(transaction => transaction.grantLabels(host, { zone: 'z' }))
  t.same(granted.labels, { own: '1', team: 'web', zone: 'z' })
})

t.test('SQLite', async t => suite(t, t => openDomain(t)))

const why = whyNoPostgres()
t.test('PostgreSQL', { skip: why ?? false }, async t => {
  const server = await startPostgres(t)
  suite(t, async t => openDomain(t, { database: await server.database() }))
})
