// What results say beside their state is kept once, whatever number of hosts it is said of.
import { sql } from 'kysely'
import { detailKey } from '../detail-key.ts'
import type { Migration } from '../migration.ts'

const rowsAtOnce = 500

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
  number: 9,
  name: 'shared details',
  statements,
  move: async (database, progress) => {
    for (const table of ['result_current', 'result_history'] as const) {
      const from = sql.table(table)
      for (let moved = 0; ; ) {
        const { rows } = await sql<{ detail: string }>`select distinct detail from ${from}
          where detail_no = 0 limit ${sql.lit(rowsAtOnce)}`.execute(database)
        if (rows.length === 0) break
        for (const { detail } of rows) {
          const key = detailKey(detail)
          await sql`insert into result_detail (key, detail, used_at) values (${key}, ${detail}, 0)
            on conflict (key) do nothing`.execute(database)
          await sql`update ${from} set detail_no = (select detail_no from result_detail where key = ${key})
            where detail_no = 0 and detail = ${detail}`.execute(database)
        }
        moved += rows.length
        progress(`${moved} details of ${table}`)
      }
      await sql`alter table ${from} drop column detail`.execute(database)
    }
  },
}
