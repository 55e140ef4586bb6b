// The one interface that every backend implements: what is asked, and what is written.
import type { Scope } from './access-records.ts'
import type { AccessReader } from './access-store.ts'
import type { AgentHealthReader } from './agent-health.ts'
import type { AuthorityReader } from './authorities.ts'
import type { ClusterHostReader } from './cluster-hosts.ts'
import type { AlikeReader, CohortReader } from './cohort-records.ts'
import type { HistoryReader } from './history.ts'
import type { Enrollment, EnrollmentState, IdentityReader } from './identity-records.ts'
import type { NotificationReader } from './notifications.ts'
import type { PolicyReader } from './policy-records.ts'
import type {
  BodyHead,
  CheckRecord,
  DriftFilter,
  DriftRecord,
  FacetHistoryRecord,
  FacetRecord,
  FacetSummary,
  FactsOfHost,
  FleetCounts,
  GapRecord,
  HostFilter,
  HostRecord,
  Page,
  PageRequest,
  ResultFilter,
  ResultHistoryRecord,
  ResultRecord,
  StoredBody,
  WaiverRecord,
} from './records.ts'
import type { ReplicaReader } from './replicas.ts'
import type { Upkeep } from './retention.ts'
import type { Signals } from './signals.ts'
import type { HostToJudge, StoreTransaction } from './transaction.ts'

/** What the API asks. Reads see what was committed when they began. */
export interface StoreReader
  extends IdentityReader,
    ClusterHostReader,
    CohortReader,
    AlikeReader,
    AccessReader,
    AgentHealthReader,
    ReplicaReader,
    AuthorityReader,
    HistoryReader,
    NotificationReader,
    PolicyReader {
  hosts(filter: HostFilter, page: PageRequest): Promise<Page<HostRecord>>
  hostCount(filter: HostFilter): Promise<number>
  host(id: string, connected: ReadonlySet<number>, scope?: Scope): Promise<HostRecord | undefined>
  /** the store's own number of a host */
  hostNumber(id: string, scope?: Scope): Promise<number | undefined>
  facets(hostId: string): Promise<readonly FacetSummary[]>
  /** requests to enroll, by their ids */
  enrollmentPage(filter: { readonly state?: EnrollmentState }, page: PageRequest): Promise<Page<Enrollment>>
  /** on how many hosts a facet is unreadable or an error */
  unreadFacets(): Promise<readonly { readonly facet: string; readonly state: string; readonly hosts: number }[]>
  facet(hostId: string, facet: string): Promise<FacetRecord | undefined>
  /** the state that held at a time, without observations; undefined before the first */
  facetAt(hostId: string, facet: string, atMs: number): Promise<FacetRecord | undefined>
  facetHistory(hostId: string, facet: string, page: PageRequest): Promise<Page<FacetHistoryRecord>>
  /** what is missing in the histories of a host, newest first */
  gaps(hostId: string, page: PageRequest): Promise<Page<GapRecord>>
  results(filter: ResultFilter, page: PageRequest): Promise<Page<ResultRecord>>
  /** how a check stood on a host, newest first; empty for a host or check that is not there */
  resultHistory(hostId: string, check: string, page: PageRequest): Promise<Page<ResultHistoryRecord>>
  /** newest first */
  drift(filter: DriftFilter, page: PageRequest): Promise<Page<DriftRecord>>
  /** changes after that one, oldest first */
  driftAfter(id: number, limit: number, scope?: Scope): Promise<readonly DriftRecord[]>
  checks(scope?: Scope): Promise<readonly CheckRecord[]>
  fleet(scope?: Scope): Promise<FleetCounts>
  /** digests of these facets of hosts that are not retired, by their numbers */
  factsOfHosts(
    facets: readonly string[],
    page: { readonly after: number; readonly limit: number; readonly scope?: Scope },
  ): Promise<readonly FactsOfHost[]>
  /** canonical body of a facet digest, when some host has or had it */
  body(digest: string): Promise<StoredBody | undefined>
  /** the same without reading the body */
  bodyHead(digest: string): Promise<BodyHead | undefined>
  /** numbers of hosts whose results were made by another policy or before a change, or are due again */
  hostsToJudge(judgedWith: string, nowMs: number, limit: number): Promise<readonly number[]>
  /** undefined for a number that is not there */
  hostToJudge(host: number): Promise<HostToJudge | undefined>
  /** JSON of the latest observations of a facet, undefined when there are none */
  observations(host: number, facet: string): Promise<string | undefined>
  /** check → digest in a catalog that was in force; undefined when nobody remembers it */
  policyDigests(catalogVersion: string): Promise<ReadonlyMap<string, string> | undefined>
  /** those that are in force, by id */
  waivers(): Promise<readonly WaiverRecord[]>
  /** the earliest time at which a host is due again */
  nextJudgementMs(): Promise<number | undefined>
}

export interface Store {
  readonly read: StoreReader
  readonly signals: Signals
  /** whether other collectors may use the same database now */
  readonly isShared: boolean
  /** newest schema of the database that this program knows */
  readonly schema: number
  /** what this collector is called among those that share the database */
  readonly replica: string
  readonly upkeep: Upkeep
  /**
   * Runs the work in one transaction that is on disk when the promise resolves, or as if it never was when it
   * rejects. Transactions of one collector run one after another. The work runs again from its start when the
   * transaction met one of another collector. Bodies that were put stay, until nobody refers to them.
   */
  write<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T>
  /** rejects when nothing can be written */
  ping(): Promise<void>
  close(): Promise<void>
}
