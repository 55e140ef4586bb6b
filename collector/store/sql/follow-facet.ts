// What a change of a facet comes to in the cohorts of its host: counters, and who differs from what is pinned.
import { sql } from 'kysely'
import type { PinnedChange } from '../cohort-records.ts'
import type { FacetTransition } from '../transaction.ts'
import { heldBody, heldFacets, type StateCount } from './cohort-states.ts'
import { type Connection, slot } from './connection.ts'

/** Called before the state is put. @returns changes of pinned facets after which the host, or before which it, differs */
export type FollowFacet = (host: number, next: FacetTransition) => Promise<readonly PinnedChange[]>

/** @param states see `cohortStates` */
export function facetFollowing(connection: Connection, states: StateCount[]): FollowFacet {
  const statements = prepareStatements(connection)
  return async (host, next) => {
    const { facet, sinceMs } = next
    const isKnown = next.state === 'present' || next.state === 'absent'
    const digest = isKnown ? next.digest : next.goodDigest
    const rows = await statements.cohorts.all({ host, facet, digest })
    const changes: PinnedChange[] = []
    for (const { cohort, id, before, before_digest, after, pinned, pinned_digest } of rows) {
      if (before === after) continue
      if (before !== null) states.push({ cohort_no: cohort, facet, blob_no: before, hosts: -1 })
      if (after !== null) states.push({ cohort_no: cohort, facet, blob_no: after, hosts: 1 })
      if (pinned === null || pinned_digest === null) continue
      if (after === null || after === pinned) statements.conform.send({ host, cohort, facet })
      else statements.deviate.send({ host, cohort, facet, since: sinceMs })
      changes.push({ cohort: id, pinned: pinned_digest, before: before_digest ?? '', after: digest })
    }
    return changes
  }
}

interface CohortRow {
  readonly cohort: number
  readonly id: string
  readonly before: number | null
  readonly before_digest: string | null
  readonly after: number | null
  readonly pinned: number | null
  readonly pinned_digest: string | null
}

function prepareStatements(connection: Connection) {
  const { database } = connection
  const host = slot<number>('host')
  const facet = slot<string>('facet')
  const cohort = slot<number>('cohort')
  const held = heldFacets(database)
    .select(heldBody.as('blob_no'))
    .where('facet_current.host_no', '=', host)
    .where('facet_current.facet', '=', facet)
  const cohorts = sql<CohortRow>`
    select member.cohort_no as cohort, cohort.id, before.blob_no as before, before.digest as before_digest,
        after.blob_no as after, pin.blob_no as pinned, pinned.digest as pinned_digest
      from cohort_member as member
      join cohort on cohort.cohort_no = member.cohort_no
      left join blob as before on before.blob_no = (${held})
      left join blob as after on after.digest = ${slot('digest')}
      left join cohort_pin as pin on pin.cohort_no = member.cohort_no and pin.facet = ${facet}
      left join blob as pinned on pinned.blob_no = pin.blob_no
      where member.host_no = ${host}`
  return {
    cohorts: connection.prepare<CohortRow>({ compile: () => cohorts.compile(database) }),
    deviate: connection.prepare(
      database
        .insertInto('cohort_deviation')
        .values({ cohort_no: cohort, host_no: host, facet, since: slot<number>('since') })
        .onConflict(conflict => conflict.columns(['cohort_no', 'facet', 'host_no']).doNothing()),
    ),
    conform: connection.prepare(
      database
        .deleteFrom('cohort_deviation')
        .where('cohort_no', '=', cohort)
        .where('facet', '=', facet)
        .where('host_no', '=', host),
    ),
  }
}
