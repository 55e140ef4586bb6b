// What results say beside their state is kept once, whatever number of hosts it is said of.
import { type Kysely, sql } from 'kysely'
import { detailKey } from '../detail-key.ts'
import type { Migration } from '../migration.ts'
import type { Tables } from '../tables.ts'

const rowsAtOnce = 1_000
const rememberedNumbers = 10_000

const statements = [
  `create table result_detail (
    detail_no integer primary key,
    key text not null unique,
    detail text not null,
    used_at integer not null
  ) strict`,
  'alter table result_current add column detail_no integer not null default 0',
  'alter table result_history add column detail_no integer not null default 0',
]

export const sharedDetails: Migration = {
  kind: 'rebuild',
  number: 9,
  name: 'shared details',
  statements,
  move: async (database, progress) => {
    await moveDetails(database, 'result_current', ['host_no', 'check_no'], progress)
    await moveDetails(database, 'result_history', ['id'], progress)
  },
}

/** Page by page, by the key of the table, so that each row is read once however many there are. */
async function moveDetails(
  database: Kysely<Tables>,
  table: 'result_current' | 'result_history',
  key: readonly string[],
  progress: (text: string) => Promise<void>,
): Promise<void> {
  const from = sql.table(table)
  const columns = sql.join(key.map(name => sql.ref(name)))
  const numbers = new Map<string, number>()
  let after = sql``
  for (let moved = 0; ; ) {
    const query = sql<Readonly<Record<string, number>> & { readonly detail: string }>`select ${columns}, detail
      from ${from} ${after} order by ${columns} limit ${sql.lit(rowsAtOnce)}`
    const { rows } = await query.execute(database)
    const last = rows.at(-1)
    if (!last) break
    for (const row of rows) {
      const number = await numberOf(database, row.detail, numbers)
      const itself = sql.join(
        key.map(name => sql`${sql.ref(name)} = ${row[name]}`),
        sql` and `,
      )
      await sql`update ${from} set detail_no = ${number} where ${itself}`.execute(database)
    }
    after = sql`where (${columns}) > (${sql.join(key.map(name => last[name]))})`
    moved += rows.length
    await progress(`${moved} rows of ${table}`)
  }
  await sql`alter table ${from} drop column detail`.execute(database)
}

/** @param known numbers that were asked for, bounded: texts of one check are likely near each other */
async function numberOf(database: Kysely<Tables>, detail: string, known: Map<string, number>): Promise<number> {
  const key = detailKey(detail)
  const remembered = known.get(key)
  if (remembered !== undefined) return remembered
  await sql`insert into result_detail (key, detail, used_at) values (${key}, ${detail}, 0)
    on conflict (key) do nothing`.execute(database)
  const { rows } = await sql<{ detail_no: number }>`select detail_no from result_detail where key = ${key}`.execute(
    database,
  )
  const [row] = rows
  if (!row) throw new Error('a detail that was put has no number')
  if (known.size >= rememberedNumbers) known.clear()
  known.set(key, row.detail_no)
  return row.detail_no
}
