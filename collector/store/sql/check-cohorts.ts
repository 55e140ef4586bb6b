// Holds the counters of cohorts, and who differs from what is pinned, against the hosts themselves.
import { type Kysely, sql } from 'kysely'
import { heldBody } from './cohort-states.ts'
import type { Tables } from './tables.ts'

/** One line for each that is off. */
export async function cohortProblems(database: Kysely<Tables>): Promise<readonly string[]> {
  const counters = await sql<{ id: string; facet: string }>`
    with held as (
      select member.cohort_no, facet_current.facet, ${heldBody} as blob_no
        from cohort_member as member
        join facet_current on facet_current.host_no = member.host_no
        join blob as body on body.blob_no = facet_current.blob_no
    ), counted as (
      select cohort_no, facet, blob_no, hosts from cohort_state
      union all
      select cohort_no, facet, blob_no, -count(*) from held where blob_no > 0 group by cohort_no, facet, blob_no
      union all
      select cohort_no, '', 0, -count(*) from cohort_member group by cohort_no
    )
    select cohort.id, counted.facet from counted join cohort on cohort.cohort_no = counted.cohort_no
      group by cohort.id, counted.facet, counted.blob_no having sum(counted.hosts) <> 0`.execute(database)
  const deviations = await sql<{ id: string; facet: string }>`
    with counted as (
      select cohort_no, facet, host_no, 1 as stored from cohort_deviation
      union all
      select pin.cohort_no, pin.facet, member.host_no, -1
        from cohort_pin as pin
        join cohort_member as member on member.cohort_no = pin.cohort_no
        join facet_current on facet_current.host_no = member.host_no and facet_current.facet = pin.facet
        join blob as body on body.blob_no = facet_current.blob_no
        where ${heldBody} <> pin.blob_no and ${heldBody} > 0
    )
    select distinct cohort.id, found.facet from (
      select cohort_no, facet, host_no from counted group by cohort_no, facet, host_no having sum(stored) <> 0
    ) as found join cohort on cohort.cohort_no = found.cohort_no`.execute(database)
  return [
    ...counters.rows.map(({ id, facet }) => `the counter of ${facet || 'hosts'} of cohort ${id} is off`),
    ...deviations.rows.map(({ id, facet }) => `who deviates from the pinned ${facet} of cohort ${id} is off`),
  ]
}
