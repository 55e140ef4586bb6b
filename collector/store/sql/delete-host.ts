// Takes a host out of the fleet: with everything that is known of it, or so that its past stays.
import { type Kysely, sql } from 'kysely'
import { holding } from './hold-hosts.ts'
import type { ResultCount } from './result-counts.ts'
import type { Tables } from './tables.ts'
import { waivedState } from './waived-state.ts'

/** Tables with rows of hosts, each before those that it refers to. */
export const hostTables = [
  'facet_current',
  'facet_history',
  'facet_gap',
  'agent_health',
  'observation',
  'outbox_progress',
  'result_current',
  'result_history',
  'judgement_pending',
  'cohort_member',
  'cohort_deviation',
  'drift_item',
  'drift',
] as const satisfies readonly (keyof Tables)[]

/**
 * Its enrollment and the audit log stay.
 * @param counters see `resultCounts`
 * @returns whether it was there
 */
export async function deleteHost(database: Kysely<Tables>, counters: ResultCount[], id: string): Promise<boolean> {
  const host = await holdById(database, id)
  if (host === undefined) return false
  await uncount(database, counters, host)
  for (const table of hostTables) await database.deleteFrom(table).where('host_no', '=', host).execute()
  await database.deleteFrom('credential').where('host_id', '=', id).execute()
  await database.deleteFrom('host').where('host_no', '=', host).execute()
  return true
}

/**
 * Its results end, it counts no more, and is judged again should it ever be released.
 * @param counters see `resultCounts`
 * @returns whether it was there
 */
export async function retireHost(
  database: Kysely<Tables>,
  counters: ResultCount[],
  id: string,
  { reason, atMs }: { readonly reason: string; readonly atMs: number },
): Promise<boolean> {
  const host = await holdById(database, id)
  if (host === undefined) return false
  await uncount(database, counters, host)
  await sql`insert into result_history (host_no, check_no, state, severity, detail_no, since, until)
    select host_no, check_no, state, severity, detail_no, since, case when since > ${atMs} then since else ${atMs} end
    from result_current where host_no = ${host}`.execute(database)
  await database.deleteFrom('result_current').where('host_no', '=', host).execute()
  const standing = { standing: 'retired', standing_reason: reason, standing_since: atMs } as const
  await database
    .updateTable('host')
    .set({ ...standing, tally: '', score: 100, coverage: 100, judged_with: 'retired', next_judgement: 0 })
    .where('host_no', '=', host)
    .execute()
  return true
}

/** Whoever writes about a host holds its row first, and counters last. */
async function holdById(database: Kysely<Tables>, id: string): Promise<number | undefined> {
  const query = database.selectFrom('host').select('host_no').where('id', '=', id)
  return (await holding(database, query).executeTakeFirst())?.host_no
}

/** Takes its results out of the counters. */
async function uncount(database: Kysely<Tables>, counters: ResultCount[], host: number): Promise<void> {
  const results = database.selectFrom('result_current as result').where('host_no', '=', host)
  const rows = await results.select(['check_no', 'severity', 'state', 'waiver', waivedState.as('waived')]).execute()
  for (const { check_no, severity, state, waiver, waived } of rows) {
    counters.push({ check_no, severity, state, hosts: -1 })
    if (waiver !== '') counters.push({ check_no, severity, state: waived, hosts: -1 })
  }
}
