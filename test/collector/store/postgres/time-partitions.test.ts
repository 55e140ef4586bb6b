// Histories in partitions by time: made ahead, dropped as a whole, left out of questions; and how they came to be.
import { type Kysely, sql } from 'kysely'
import t, { type Test } from 'tap'
import { applyChange } from '../../../../collector/domain/apply-change.ts'
import { checkStore, migrateStore } from '../../../../collector/store/look-after.ts'
import { patiently } from '../../../../collector/store/postgres/open-client.ts'
import { databaseOn } from '../../../../collector/store/postgres/postgres-connection.ts'
import { migrate, migrations } from '../../../../collector/store/sql/migrate.ts'
import { timePartitions } from '../../../../collector/store/sql/migrations/0018-time-partitions.ts'
import type { Tables } from '../../../../collector/store/sql/tables.ts'
import {
  dropPast,
  makeAhead,
  partitionedTables,
  partitionsOf,
  partitionWidthMs,
} from '../../../../collector/store/sql/time-partitions.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { smallState } from '../../../small-facet.ts'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { changeOf, openDomain } from '../../open-domain.ts'

t.setTimeout(120_000)

const dayMs = 86_400_000
const why = whyNoPostgres()
if (why) t.plan(0, why)
else await test(t)

t.test('a partition is a twelfth of the time that rows are kept, between an hour and four weeks', t => {
  t.same(
    [0, 365, 90, 13, 12, 1].map(days => partitionWidthMs(days * dayMs) / dayMs),
    [28, 28, 7, 1, 1, 1 / 12],
  )
  t.equal(partitionWidthMs(3_600_000), 3_600_000)
  t.end()
})

/** How many rows stand in each partition that has some, the open one and the one for other times among them. */
async function rowsIn(database: Kysely<Tables>, table: string): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<{ name: string; count: number }>`select tableoid::regclass::text as name, count(*) as count
    from ${sql.table(table)} group by 1 order by 1`.execute(database)
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
}

async function test(t: Test): Promise<void> {
  const server = await startPostgres(t)

  t.test('what ended stands with what ended then, and goes with it; what holds stays', async t => {
    const url = await server.database()
    let nowMs = systemClock.now()
    const domain = await openDomain(t, { database: url, clock: { ...systemClock, now: () => nowMs } })
    const { host, id } = await domain.open('a')
    const { store } = domain
    const history = store.upkeep.partitions('history')
    const drift = store.upkeep.partitions('drift')
    for (let sequence = 1; sequence <= 40; sequence++) {
      const change = changeOf(sequence, smallState({ a: sequence }), { observedAtMs: nowMs })
      await domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
      nowMs += dayMs
      await history?.makeAhead(nowMs, 90 * dayMs)
      await drift?.makeAhead(nowMs, 30 * dayMs)
    }
    await patiently({ url }, async client => {
      const database = databaseOn(client)
      const rows = await rowsIn(database, 'facet_history')
      t.equal(rows['facet_history_open'], 1)
      t.equal(rows['facet_history_other'], undefined, 'each had its partition before it ended')
      t.ok(Object.keys(rows).length >= 6, Object.keys(rows).join(' '))
      const [first, second] = await partitionsOf(database, 'facet_history')
      t.ok(first && second && second.fromMs === first.toMs, 'there is no time between them')
      const gone = rows[first?.name ?? ''] ?? 0
      t.ok(gone > 0)
      t.equal(await history?.dropPast((second?.toMs ?? 0) - 1), gone, 'not the one in which one row may be younger')
      t.equal((await partitionsOf(database, 'facet_history'))[0]?.name, second?.name)
      const { items } = await store.read.facetHistory(id, 'small', { limit: 500 })
      t.equal(items.length, 40 - gone)
      t.ok(items.every(({ validTo }) => validTo === '' || Date.parse(validTo) >= (first?.toMs ?? 0)))
      t.equal((await store.read.facet(id, 'small'))?.current.digest, smallState({ a: 40 }).digest)
    })
    const before = (await store.read.drift({}, { limit: 500 })).items
    t.ok(((await drift?.dropPast(nowMs - 12 * dayMs)) ?? 0) > 0)
    const after = (await store.read.drift({}, { limit: 500 })).items
    t.same(after, before.slice(0, after.length), 'the newest stay, in their order')
    t.match(await checkStore({ kind: 'postgres', url, passwordFile: '' }), { problems: [] })
    t.equal(store.upkeep.partitions('gaps'), undefined)
  })

  t.test('rows that came before their partition move into it', async t => {
    const url = await server.database()
    let nowMs = systemClock.now() + 2_000 * dayMs
    const domain = await openDomain(t, { database: url, clock: { ...systemClock, now: () => nowMs } })
    const { host } = await domain.open('a')
    for (let sequence = 1; sequence <= 5; sequence++, nowMs += dayMs) {
      const change = changeOf(sequence, smallState({ a: sequence }), { observedAtMs: nowMs })
      await domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
    }
    await patiently({ url }, async client => {
      const database = databaseOn(client)
      t.equal((await rowsIn(database, 'drift'))['drift_other'], 4)
      const times = { nowMs, ageMs: 30 * dayMs, sinceMs: nowMs - 10 * dayMs }
      t.ok((await makeAhead(database, partitionedTables.drift, times)) > 8)
      const rows = await rowsIn(database, 'drift')
      t.equal(rows['drift_other'], undefined)
      t.equal(
        Object.values(rows).reduce((sum, count) => sum + count, 0),
        4,
      )
      t.equal(await makeAhead(database, partitionedTables.drift, times), 0, 'once')
      t.equal(await dropPast(database, partitionedTables.drift, nowMs - 300 * dayMs), 0)
    })
  })

  t.test('questions about a time leave out the partitions of others', async t => {
    const url = await server.database()
    await openDomain(t, { database: url })
    await patiently({ url }, async client => {
      const database = databaseOn(client)
      const nowMs = systemClock.now()
      const planOf = async (text: string) => {
        const { rows } = await sql<{ 'QUERY PLAN': string }>`explain ${sql.raw(text)}`.execute(database)
        return rows.map(row => row['QUERY PLAN']).join('\n')
      }
      const count = (plan: string, table: string) => new Set(plan.match(new RegExp(`${table}_\\d{10}\\b`, 'g'))).size
      const all = (await partitionsOf(database, 'facet_history')).length
      t.ok(all >= 8)
      const ever = await planOf('select * from facet_history where host_no = 1')
      t.equal(count(ever, 'facet_history'), all)
      const at = `valid_from <= ${nowMs} and (valid_to > ${nowMs + 30 * dayMs} or valid_to = 0)`
      const then = await planOf(`select * from facet_history where host_no = 1 and ${at}`)
      t.ok(count(then, 'facet_history') < all && /facet_history_open/.test(then), then)
      const end = await planOf(
        "update facet_history set valid_to = 5 where host_no = 1 and facet = 'x' and valid_to = 0",
      )
      t.equal(count(end, 'facet_history'), 0, 'what ends is looked for where nothing has ended')
      const since = await planOf(`select * from drift where received_at >= ${nowMs + 60 * dayMs}`)
      t.ok(count(since, 'drift') < (await partitionsOf(database, 'drift')).length)
    })
  })

  t.test('tables with rows in them are partitioned, in steps that are told, and numbers go on', async t => {
    const url = await server.database()
    const before = migrations.filter(({ number }) => number < timePartitions.number)
    const nowMs = systemClock.now()
    await patiently({ url }, async client => {
      const database = databaseOn(client)
      await migrate(database, { nowMs, list: before })
      await sql`insert into host (host_no, id, host_key, hostname, machine_id, boot_id, agent_version, labels, skew_ms,
        first_seen, last_seen, score, coverage, tally, profiles, judged_with, next_judgement)
        values (1, 'id', 'key', 'h', '', '', '1', '{}', 0, 1, 2, 100, 100, '', '[]', '', 0)`.execute(database)
      await sql`insert into drift (host_no, kind, subject, change, field, text, before, after, at, received_at)
        select 1, 'fact', 'small', 'added', 'f', 'text ' || n, '', '', t, t from
          (select n, ${sql.lit(nowMs)} - (25000 - n)::bigint * 3600000 as t from generate_series(1, 25000) as n) as rows
      `.execute(database)
    })
    const told: string[] = []
    await migrateStore({ kind: 'postgres', url, passwordFile: '' }, systemClock, text => told.push(text))
    t.same(
      told.filter(text => /rows of drift/.test(text)),
      [10_000, 20_000, 25_000].map(rows => `migration ${timePartitions.number}: ${rows} rows of drift`),
    )
    await patiently({ url }, async client => {
      const database = databaseOn(client)
      const rows = await rowsIn(database, 'drift')
      t.equal(
        Object.values(rows).reduce((sum, count) => sum + count, 0),
        25_000,
      )
      t.ok((rows['drift_other'] ?? 0) > 0, 'what is older than the oldest partition')
      t.ok(Object.keys(rows).length > 20)
      const { rows: added } = await sql<{ id: number }>`insert into drift (host_no, kind, subject, change, field, text,
        before, after, at, received_at) values (1, 'fact', 'x', 'added', 'f', 't', '', '', 1, 1) returning id`.execute(
        database,
      )
      t.ok((added[0]?.id ?? 0) > 25_000)
      const indexes = await sql<{ name: string }>`select indexname as name from pg_indexes where tablename = 'drift'
        order by 1`.execute(database)
      t.same(
        indexes.rows.map(({ name }) => name),
        ['drift_by_host', 'drift_by_kind', 'drift_by_subject', 'drift_by_time', 'drift_pkey'],
      )
    })
    t.match(await checkStore({ kind: 'postgres', url, passwordFile: '' }), {
      problems: [],
      rows: { 'drift rows': 25_001 },
    })
  })
}
