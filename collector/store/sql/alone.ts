// Transactions of collectors go side by side, except for those that have all hosts for themselves.
import { type Kysely, sql } from 'kysely'
import { dialectOf } from './dialect.ts'
import type { Tables } from './tables.ts'

/** Statement that every transaction on PostgreSQL begins with. */
export const besideOthers = 'lock table cohort in row share mode'

/** Waits until no transaction of others is half done; none begins until this one ends. On SQLite there is one at a time. */
export async function holdAll(database: Kysely<Tables>): Promise<void> {
  if (dialectOf(database) === 'postgres') await sql`lock table cohort in exclusive mode`.execute(database)
}

/** Does the work when nobody else is at work. */
export async function alone<T>(database: Kysely<Tables>, work: () => Promise<T>): Promise<T> {
  await holdAll(database)
  return work()
}
