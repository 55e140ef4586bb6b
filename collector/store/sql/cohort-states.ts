// How many hosts of each cohort are in which state of a facet: summed up and put just before the commit.
import { type Kysely, sql } from 'kysely'
import type { AtCommit } from './at-commit.ts'
import { type Connection, slot } from './connection.ts'
import { prepareRows } from './put-rows.ts'
import { summed } from './summed-rows.ts'
import type { Tables } from './tables.ts'

export interface StateCount {
  readonly cohort_no: number
  /** empty with a `blob_no` of 0: the host itself */
  readonly facet: string
  readonly blob_no: number
  readonly hosts: number
}

/** @returns what is added to the counters */
export function cohortStates(connection: Connection, counts: AtCommit): StateCount[] {
  const put = prepareRows(connection, {
    table: 'cohort_state',
    columns: { cohort_no: 'bigint', facet: 'text', blob_no: 'bigint', hosts: 'bigint' },
    conflict: { keys: ['cohort_no', 'facet', 'blob_no'], add: ['hosts'] },
  })
  const none = connection.prepare(
    connection.database
      .deleteFrom('cohort_state')
      .where('cohort_no', '=', slot<number>('cohort_no'))
      .where('facet', '=', slot<string>('facet'))
      .where('blob_no', '=', slot<number>('blob_no'))
      .where('hosts', '=', 0),
  )
  return counts.rows<StateCount>(rows => {
    const sums = summed(rows, ['cohort_no', 'facet', 'blob_no'], ['hosts'])
    put(sums)
    for (const { cohort_no, facet, blob_no, hosts } of sums) if (hosts < 0) none.send({ cohort_no, facet, blob_no })
  })
}

/** Number of the body that a host is held to have: of its state, or of the last good one when nobody can tell. */
export const heldBody = sql<number>`case when body.state in ('present', 'absent')
  then facet_current.blob_no else facet_current.good_blob_no end`

/** Since when the host has it. */
export const heldSince = sql<number>`case when body.state in ('present', 'absent')
  then facet_current.since else facet_current.good_since end`

/** What is held of hosts, for conditions and joins; rows without are left out by `heldBody > 0`. */
export const heldFacets = (database: Kysely<Tables>) =>
  database.selectFrom('facet_current').innerJoin('blob as body', 'body.blob_no', 'facet_current.blob_no')
