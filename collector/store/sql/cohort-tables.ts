// The tables of cohorts as Kysely types.
import type { Generated } from 'kysely'

export interface CohortTables {
  cohort: CohortTable
  cohort_member: CohortMemberTable
  cohort_state: CohortStateTable
  cohort_pin: CohortPinTable
  cohort_deviation: CohortDeviationTable
}

interface CohortTable {
  cohort_no: Generated<number>
  id: string
  source: 'file' | 'api'
  description: string
  /** JSON of a host selector */
  hosts: string
  changed_at: number
  in_force: number
}

interface CohortMemberTable {
  cohort_no: number
  host_no: number
}

interface CohortStateTable {
  cohort_no: number
  /** empty in the row that counts all members */
  facet: string
  /** of the last present or absent state of the hosts; 0 in the row that counts all members */
  blob_no: number
  hosts: number
}

interface CohortPinTable {
  cohort_no: number
  facet: string
  blob_no: number
  pinned_at: number
  pinned_by: string
}

interface CohortDeviationTable {
  cohort_no: number
  facet: string
  host_no: number
  since: number
}
