// Cohorts of hosts and what is pinned for them: records, questions and changes.
import type { Cohort } from '../../policy/cohorts.ts'
import type { Scope } from './access-records.ts'
import type { Page, PageRequest, StoredBody } from './records.ts'

export interface CohortRecord extends Cohort {
  readonly source: 'file' | 'api'
  /** hosts that it has now */
  readonly members: number
  /** facets that are pinned */
  readonly pins: number
  /** ISO 8601 */
  readonly changedAt: string
}

/** How the hosts of a cohort stand in one facet, by the last facts that are known of each. */
export interface CohortFacetRecord {
  readonly facet: string
  /** hosts of which it is known */
  readonly known: number
  /** different states among them */
  readonly states: number
  /** the one that most of them have */
  readonly majority: { readonly digest: string; readonly hosts: number }
}

/** What a facet of the hosts of a cohort should be. */
export interface PinRecord {
  readonly facet: string
  readonly digest: string
  readonly state: 'present' | 'absent'
  readonly schemaVersion: number
  /** ISO 8601 */
  readonly pinnedAt: string
  readonly pinnedBy: string
  /** hosts that are as it says */
  readonly conforming: number
  /** hosts that differ */
  readonly deviating: number
}

/** A host of a cohort that is not as it is pinned. */
export interface DeviationRecord {
  readonly hostId: string
  readonly hostname: string
  readonly facet: string
  /** ISO 8601: when it came to differ, or when it was pinned */
  readonly since: string
  /** what it is, as far as it is known */
  readonly digest: string
  readonly pinned: string
}

export interface DeviationFilter {
  readonly cohort: string
  readonly facet?: string
  readonly scope?: Scope
}

/** With a scope: the cohorts with a host in it, and of each those hosts. */
export interface CohortReader {
  /** all of them, by id */
  cohorts(scope?: Scope): Promise<readonly CohortRecord[]>
  /** undefined when there is none in force, or none to see */
  cohort(id: string, scope?: Scope): Promise<CohortRecord | undefined>
  /** facets by name; empty for a cohort that is not there */
  cohortFacets(id: string, scope?: Scope): Promise<readonly CohortFacetRecord[]>
  /** facets by name */
  pins(cohort: string, scope?: Scope): Promise<readonly PinRecord[]>
  /** by facet, then by the store's own numbers of hosts */
  deviations(filter: DeviationFilter, page: PageRequest): Promise<Page<DeviationRecord>>
}

/** One facet of many hosts. */
export interface AlikeReader {
  /** Hosts of a cohort, or of the fleet, that have these labels, by the store's own numbers; a body of 0 is none. */
  facetBodies(
    facet: string,
    of: { readonly cohort?: string; readonly scope?: Scope },
  ): Promise<readonly { readonly host: number; readonly body: number }[]>
  /** bodies by the store's own numbers, as far as they are there */
  bodiesOf(numbers: readonly number[]): Promise<ReadonlyMap<number, StoredBody>>
  namesOf(
    hosts: readonly number[],
  ): Promise<ReadonlyMap<number, { readonly hostId: string; readonly hostname: string }>>
}

/** What a change of a facet comes to for a cohort that has it pinned. Digests are empty where nothing is known. */
export interface PinnedChange {
  readonly cohort: string
  readonly pinned: string
  readonly before: string
  readonly after: string
}

export interface NewPin {
  readonly facet: string
  readonly digest: string
  readonly by: string
  readonly atMs: number
}

/** Members, counters and deviations follow in the same transaction; hosts follow when their labels change. */
export interface CohortTransaction {
  /** one of the API. @returns false when the id is taken by another one in force */
  addCohort(cohort: Cohort, atMs: number): Promise<boolean>
  /** one of the API. @returns false when there is none in force */
  changeCohort(cohort: Cohort, atMs: number): Promise<boolean>
  /** one of the API, with its pins. @returns false when there is none in force */
  removeCohort(id: string): Promise<boolean>
  /** Those that stand in files, all of them. Whatever is in none any more keeps its pins until it is again. */
  putFileCohorts(cohorts: readonly Cohort[], atMs: number): Promise<void>
  /** @returns whether there are such a cohort and a body of that digest, of the facet, present or absent */
  putPin(cohort: string, pin: NewPin): Promise<boolean>
  /** @returns whether it was there */
  removePin(cohort: string, facet: string): Promise<boolean>
}
