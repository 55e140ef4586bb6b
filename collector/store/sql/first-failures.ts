// When results that fail failed for the first time.
import { type Kysely, sql } from 'kysely'
import { stateCode } from './codes.ts'
import type { Tables } from './tables.ts'

const fail = sql.lit(stateCode('fail'))

/** Host and check, as a key of `readFirstFailures`. */
export const pairOf = ({ host_no, check_no }: { readonly host_no: number; readonly check_no: number }): string =>
  `${host_no} ${check_no}`

/** When those that fail failed before, for the first time that is kept. */
export async function readFirstFailures(
  database: Kysely<Tables>,
  rows: readonly Readonly<Record<'host_no' | 'check_no' | 'state', number>>[],
): Promise<ReadonlyMap<string, number>> {
  const failing = rows.filter(({ state }) => state === stateCode('fail'))
  if (failing.length === 0) return new Map()
  const pairs = sql.join(failing.map(({ host_no, check_no }) => sql`(${sql.lit(host_no)}, ${sql.lit(check_no)})`))
  const found = await sql<{ host_no: number; check_no: number; since: number }>`
    select host_no, check_no, min(since) as since from result_history
    where (host_no, check_no) in (values ${pairs}) and state = ${fail} group by host_no, check_no`.execute(database)
  return new Map(found.rows.map(row => [pairOf(row), row.since]))
}
