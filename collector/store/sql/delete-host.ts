// Takes a host out of the fleet: with everything that is known of it, or so that its past stays.
import { type Kysely, sql } from 'kysely'
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

/** Its enrollment and the audit log stay. @returns whether it was there */
export async function deleteHost(database: Kysely<Tables>, id: string): Promise<boolean> {
  const host = await numberOf(database, id)
  if (host === undefined) return false
  await uncount(database, host)
  for (const table of hostTables) await database.deleteFrom(table).where('host_no', '=', host).execute()
  await database.deleteFrom('credential').where('host_id', '=', id).execute()
  await database.deleteFrom('host').where('host_no', '=', host).execute()
  return true
}

/** Its results end, it counts no more, and is judged again should it ever be released. @returns whether it was there */
export async function retireHost(database: Kysely<Tables>, id: string, reason: string, atMs: number): Promise<boolean> {
  const host = await numberOf(database, id)
  if (host === undefined) return false
  await uncount(database, host)
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

async function numberOf(database: Kysely<Tables>, id: string): Promise<number | undefined> {
  const row = await database.selectFrom('host').select('host_no').where('id', '=', id).executeTakeFirst()
  return row?.host_no
}

/** Takes its results out of the counters. */
async function uncount(database: Kysely<Tables>, host: number): Promise<void> {
  const counted = sql<boolean>`exists (select 1 from result_current as result
    where result.host_no = ${host} and result.check_no = result_count.check_no
      and result.severity = result_count.severity
      and (result.state = result_count.state or (result.waiver <> '' and result_count.state = ${waivedState})))`
  await database
    .updateTable('result_count')
    .set(({ eb }) => ({ hosts: eb('hosts', '-', 1) }))
    .where(counted)
    .execute()
}
