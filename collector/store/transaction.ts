// What the collector writes: the rows of one transaction, whatever the database.
import type { ResultState, Severity } from '../../policy/check.ts'
import type { FacetState } from '../../proto/facet.ts'
import type { AccessTransaction } from './access-store.ts'
import type { AgentHealthTransaction } from './agent-health.ts'
import type { IdentityTransaction } from './identity-records.ts'
import type { DriftRecord, StoredBody } from './records.ts'
import type { RetentionTransaction } from './retention.ts'
import type { Tally } from './tally.ts'

/** What an agent said about its host when it opened a stream. */
export interface HostOpening {
  readonly hostKey: string
  readonly hostname: string
  readonly machineId: string
  readonly bootId: string
  readonly agentVersion: string
  readonly outboxId: string
  readonly labels: Readonly<Record<string, string>>
  /** collector's clock minus agent's clock */
  readonly skewMs: number
  readonly atMs: number
}

export interface OpenedHost {
  /** the store's own number; rows of a host begin with it */
  readonly host: number
  readonly id: string
  readonly created: boolean
  /** those it gives itself, and over them those that it was granted */
  readonly labels: Readonly<Record<string, string>>
  /** highest sequence of this outbox that is on disk */
  readonly appliedSequence: number
  readonly digests: ReadonlyMap<string, string>
}

/** What a transaction needs to know of a host before it changes it. */
export interface HostForWrite {
  readonly host: number
  readonly tally: Tally
  /** catalog and program that its results were made with, empty before the first */
  readonly judgedWith: string
  readonly profiles: readonly string[]
}

export interface Judged {
  readonly tally: Tally
  readonly judgedWith: string
  readonly profiles: readonly string[]
  /** when time may change a result, 0 for never */
  readonly nextJudgementMs: number
}

export interface CurrentFacet {
  readonly facet: string
  readonly digest: string
  readonly state: FacetState['state']
  readonly schemaVersion: number
  readonly sinceMs: number
  readonly revision: number
  /** agent that told this state first, or confirmed it last */
  readonly agentVersion: string
  /** last present state, when this one is unreadable or error; empty when there is none */
  readonly goodDigest: string
  readonly goodSinceMs: number
}

export interface FacetTransition extends CurrentFacet {
  readonly outboxId: string
  readonly sequence: number
  /** when the agent saw it by its own clock */
  readonly observedAtMs: number
  readonly receivedAtMs: number
}

export interface StoredGap {
  readonly facet: string
  readonly fromMs: number
  readonly toMs: number
  readonly changes: number
  readonly receivedAtMs: number
}

export interface StoredObservations {
  readonly facet: string
  /** canonical JSON */
  readonly body: string
  readonly observedAtMs: number
  readonly receivedAtMs: number
}

export interface StoredResult {
  readonly check: string
  readonly state: ResultState
  readonly severity: Severity
  /** reason, evidence and remediation, made by `packDetail` */
  readonly detail: string
  readonly sinceMs: number
  /** 0 when time alone never changes it */
  readonly validUntilMs: number
}

export type NewDrift = Omit<DriftRecord, 'id' | 'hostId' | 'hostname' | 'at' | 'receivedAt'> & {
  readonly atMs: number
  readonly receivedAtMs: number
}

export interface CatalogEntry {
  readonly check: string
  readonly severity: Severity
  readonly title: string
  /** properties of the facets that it reads */
  readonly facets: readonly string[]
}

export interface StoreTransaction
  extends IdentityTransaction,
    AccessTransaction,
    AgentHealthTransaction,
    RetentionTransaction {
  openHost(opening: HostOpening): Promise<OpenedHost>
  /** its results go, its past stays. @returns whether it was there */
  retireHost(id: string, reason: string, atMs: number): Promise<boolean>
  /** with all that is known of it. @returns whether it was there */
  deleteHost(id: string): Promise<boolean>
  /** undefined for a number that is not there */
  hostForWrite(host: number): Promise<HostForWrite | undefined>
  touchHosts(seen: ReadonlyMap<number, number>): Promise<void>

  appliedSequence(host: number, outboxId: string): Promise<number>
  setAppliedSequence(host: number, outboxId: string, sequence: number, atMs: number): Promise<void>

  currentFacets(host: number): Promise<readonly CurrentFacet[]>
  currentFacet(host: number, facet: string): Promise<CurrentFacet | undefined>
  body(digest: string): Promise<StoredBody | undefined>
  putBody(digest: string, body: StoredBody): Promise<void>
  /** closes the history row that held before, opens the next, makes it current */
  putFacet(host: number, transition: FacetTransition): Promise<void>
  confirmFacet(host: number, facet: string, agentVersion: string): Promise<void>

  putGap(host: number, gap: StoredGap): Promise<void>

  observations(host: number): Promise<readonly StoredObservations[]>
  /** @returns whether these are the first of that facet */
  putObservations(host: number, observations: StoredObservations): Promise<boolean>

  results(host: number): Promise<readonly StoredResult[]>
  putResult(host: number, result: StoredResult): Promise<void>
  deleteResult(host: number, check: string): Promise<void>
  /** adds to the number of hosts on which a check stands so */
  countResults(changes: Iterable<readonly [check: string, state: ResultState, change: number]>): Promise<void>
  setJudged(host: number, judged: Judged): Promise<void>

  appendDrift(host: number, rows: readonly NewDrift[]): Promise<void>

  /** makes these the checks in force; results of others go when their host is judged again */
  putCatalog(entries: readonly CatalogEntry[]): Promise<void>
}
