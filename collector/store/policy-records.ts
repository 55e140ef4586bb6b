// The policy that stands for all collectors on a database.
import type { Severity } from '../../policy/check.ts'
import type { Waiver } from '../../policy/waivers.ts'

/** What is in force. */
export interface StandingPolicy {
  /** of program, catalog, tailoring, and waivers and cohorts of files */
  readonly version: string
  /** another one for every policy that is put, and for every waiver of the API that comes or goes */
  readonly revision: number
  /** name of the collector that put it */
  readonly putBy: string
}

export interface CatalogEntry {
  readonly check: string
  readonly severity: Severity
  readonly title: string
  /** properties of the facets that it reads */
  readonly facets: readonly string[]
}

export interface StoredPolicy {
  readonly version: string
  readonly putBy: string
  /** of program, catalog and tailoring */
  readonly catalogVersion: string
  readonly entries: readonly CatalogEntry[]
  /** check → digest of everything that the policy says about it */
  readonly digests: ReadonlyMap<string, string>
  /** those that stand in files */
  readonly waivers: readonly Waiver[]
  /** JSON of checks and profiles, for collectors that have others; empty where there is one collector */
  readonly catalog: string
  readonly atMs: number
}

export interface PolicyReader {
  /** undefined before the first */
  standingPolicy(): Promise<StandingPolicy | undefined>
  /** JSON of checks and profiles, undefined when another version is in force now */
  standingCatalog(version: string): Promise<string | undefined>
  /** versions of the policies of collectors that were there at that time or later */
  policiesOfCollectors(sinceMs: number): Promise<readonly string[]>
}

/** Part of a store's transaction. */
export interface PolicyTransaction {
  /** Where collectors share the database, it stands until the transaction ends; see `holdPolicy`. */
  standingPolicy(): Promise<StandingPolicy | undefined>
  /** Nobody else writes anything until the transaction ends. @returns what is in force */
  holdPolicy(): Promise<StandingPolicy | undefined>
  /** makes this the policy in force; results of other checks go when their host is judged again */
  putPolicy(policy: StoredPolicy): Promise<void>
  /** one of the API. @returns false when the id is taken by another one in force */
  addWaiver(waiver: Waiver): Promise<boolean>
  /** one of the API. @returns false when there is none in force */
  removeWaiver(id: string): Promise<boolean>
}
