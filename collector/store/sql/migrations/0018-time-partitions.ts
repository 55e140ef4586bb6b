// Histories stand in partitions by time on PostgreSQL: what is past its time goes as a whole.
import { type Kysely, sql } from 'kysely'
import { dialectOf } from '../dialect.ts'
import type { Migration } from '../migration.ts'
import type { Tables } from '../tables.ts'
import { makeAhead, type PartitionedTable, partitionedTables, partitionWidthMs } from '../time-partitions.ts'

const rowsAtOnce = 10_000
const dayMs = 86_400_000
/** What is older stands with whatever has no partition. */
const oldestPartitions = 24

interface Move extends PartitionedTable {
  readonly key: readonly string[]
  /** how long rows are kept by default, which says how wide partitions are */
  readonly ageMs: number
  /** whether the first part of the key is counted up */
  readonly isCounted: boolean
}

const moves: readonly Move[] = [
  {
    ...partitionedTables.history,
    ...{ key: ['host_no', 'facet', 'revision'], ageMs: 90 * dayMs, isCounted: false },
  },
  { ...partitionedTables.drift, key: ['id'], ageMs: 365 * dayMs, isCounted: true },
  { ...partitionedTables.endedResults, key: ['id'], ageMs: 365 * dayMs, isCounted: true },
]

export const timePartitions: Migration = {
  kind: 'rebuild',
  number: 18,
  name: 'time partitions',
  statements: [],
  move: async (database, progress) => {
    if (dialectOf(database) !== 'postgres') return
    for (const move of moves) await partition(database, move, progress)
  },
}

async function partition(
  database: Kysely<Tables>,
  move: Move,
  progress: (text: string) => Promise<void>,
): Promise<void> {
  const { table, time, key, isCounted } = move
  const whole = `${table}_whole`
  const [parent, source] = [sql.table(table), sql.table(whole)]
  await sql`alter table ${parent} rename to ${source}`.execute(database)
  await sql`create table ${parent} (like ${source} including defaults)
    partition by range (${sql.ref(time)})`.execute(database)
  await sql`create table ${sql.table(`${table}_other`)} partition of ${parent} default`.execute(database)
  if (table === 'facet_history') {
    await sql`create table facet_history_open partition of facet_history for values from (0) to (1)`.execute(database)
  }
  await makeAhead(database, move, { ...(await timesOf(database, move)), ageMs: move.ageMs })
  if (isCounted) await keepCounting(database, table)
  await moveRows(database, move, progress)
  const indexes = await indexesOf(database, whole)
  await sql`drop table ${source}`.execute(database)
  const columns = sql.join([...key, time].map(name => sql.ref(name)))
  await sql`alter table ${parent} add primary key (${columns})`.execute(database)
  for (const index of indexes) await sql.raw(index.replace(`.${whole} `, `.${table} `)).execute(database)
  // A body that a history refers to does not go; that hosts are there is held by the lock on them.
  if (table === 'facet_history') {
    await sql`alter table facet_history add foreign key (blob_no) references blob`.execute(database)
  }
}

async function timesOf(database: Kysely<Tables>, { table, time, ageMs }: Move) {
  const { rows } = await sql<{ now: number; oldest: number }>`select
    (extract(epoch from now()) * 1000)::bigint as now,
    (select min(${sql.ref(time)}) from ${sql.table(`${table}_whole`)} where ${sql.ref(time)} > 0) as oldest`.execute(
    database,
  )
  const { now: nowMs = 0, oldest } = rows[0] ?? {}
  return { nowMs, sinceMs: Math.max(oldest ?? nowMs, nowMs - oldestPartitions * partitionWidthMs(ageMs)) }
}

/** Partitioned tables cannot have columns that count up before PostgreSQL 17; a sequence does it. */
async function keepCounting(database: Kysely<Tables>, table: string): Promise<void> {
  const sequence = sql.table(`${table}_numbers`)
  await sql`create sequence ${sequence} as bigint`.execute(database)
  await sql`select setval(${`${table}_numbers`}, nextval(pg_get_serial_sequence(${`${table}_whole`}, 'id')))`.execute(
    database,
  )
  await sql`alter table ${sql.table(table)} alter column id
    set default nextval(${sql.lit(`${table}_numbers`)})`.execute(database)
  await sql`alter sequence ${sequence} owned by ${sql.ref(`${table}.id`)}`.execute(database)
}

type Last = Readonly<Record<string, unknown>> & { readonly count: number }

async function moveRows(
  database: Kysely<Tables>,
  { table, key }: Move,
  progress: (text: string) => Promise<void>,
): Promise<void> {
  const columns = sql.join(key.map(name => sql.ref(name)))
  const descending = sql.join(key.map(name => sql`${sql.ref(name)} desc`))
  let after = sql``
  for (let moved = 0; ; ) {
    const { rows } = await sql<Last>`with page as materialized (select * from ${sql.table(`${table}_whole`)}
        ${after} order by ${columns} limit ${sql.lit(rowsAtOnce)}),
      put as (insert into ${sql.table(table)} select * from page)
      select ${columns}, (select count(*) from page) as count from page order by ${descending} limit 1`.execute(
      database,
    )
    const [last] = rows
    if (!last) return
    moved += last.count
    await progress(`${moved} rows of ${table}`)
    after = sql`where (${columns}) > (${sql.join(key.map(name => last[name]))})`
  }
}

/** What makes its indexes again, but for that of its key. */
async function indexesOf(database: Kysely<Tables>, table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ definition: string }>`select pg_get_indexdef(indexrelid) as definition
    from pg_index where indrelid = to_regclass(${table}) and not indisprimary`.execute(database)
  return rows.map(({ definition }) => definition)
}
