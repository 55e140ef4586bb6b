// What the collector writes: the rows of one transaction, whatever the database.
import type { ResultState, Severity } from '../../policy/check.ts'
import type { FacetState } from '../../proto/facet.ts'
import type { AccessTransaction } from './access-store.ts'
import type { AgentHealthTransaction } from './agent-health.ts'
import type { AuthorityTransaction } from './authorities.ts'
import type { ClusterHostTransaction } from './cluster-hosts.ts'
import type { CohortTransaction, PinnedChange } from './cohort-records.ts'
import type { HistoryTransaction } from './history.ts'
import type { IdentityTransaction } from './identity-records.ts'
import type { NotificationTransaction } from './notifications.ts'
import type { PolicyTransaction } from './policy-records.ts'
import type { DriftRecord, StoredBody } from './records.ts'

import type { ReplicaTransaction } from './replicas.ts'
import type { RetentionTransaction } from './retention.ts'

import type { CountedState, Tally } from './tally.ts'

/** What an agent said about its host when it opened a stream. */
export interface HostOpening {
  readonly hostKey: string
  readonly hostname: string
  readonly machineId: string
  readonly bootId: string
  readonly agentVersion: string
  readonly outboxId: string
  /** those it gives itself */
  readonly labels: Readonly<Record<string, string>>
  /** those that its cluster gives it, instead of what was granted before; left out where nobody knows */
  readonly grantedLabels?: Readonly<Record<string, string>> | undefined
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
  /** what selects hosts is another than before: its labels, or its name */
  readonly attributesChanged: boolean
  /** highest sequence of this outbox that is on disk */
  readonly appliedSequence: number
  readonly digests: ReadonlyMap<string, string>
}

/** Something of a host that its results were not made with yet. */
export interface JudgementMark {
  /** name of a facet; empty for labels and name of the host */
  readonly facet: string
  /** its facts are others, not only its observations */
  readonly changed: boolean
  /** no drift is to come of it */
  readonly quiet: boolean
  /** since when it holds, in milliseconds since the epoch */
  readonly sinceMs: number
}

/** Marks of a host that its results were not made with. */
export interface PendingMarks {
  /** another for every change of the marks */
  readonly token: number
  readonly marks: readonly JudgementMark[]
}

/** Everything that results of a host are made of, as it was at one moment. */
export interface HostToJudge {
  readonly host: number
  readonly id: string
  readonly hostname: string
  readonly labels: Readonly<Record<string, string>>
  /** version of the policy that its results were made with, empty before the first */
  readonly judgedWith: string
  readonly profiles: readonly string[]
  /** grows with every judgement */
  readonly revision: number
  readonly pending: PendingMarks
  readonly facets: readonly CurrentFacet[]
  readonly results: readonly StoredResult[]
}

export interface CountChange {
  readonly check: string
  readonly severity: Severity
  readonly state: CountedState
  readonly change: number
}

export interface Judged {
  readonly tally: Tally
  readonly judgedWith: string
  readonly profiles: readonly string[]
  /** when time may change a result, 0 for never */
  readonly nextJudgementMs: number
  /** marks that the results were made with; later ones stay */
  readonly token: number
}

/** A result that stood for a while and does no more. */
export interface EndedResult {
  readonly check: string
  readonly state: ResultState
  readonly severity: Severity
  readonly detail: string
  readonly sinceMs: number
  readonly untilMs: number
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
  /** since when it fails, also while nobody can tell any more; 0 when it does not */
  readonly failingSinceMs: number
  /** 0 when time alone never changes it */
  readonly validUntilMs: number
  /** id of the waiver that accepts it, empty when none does */
  readonly waiver: string
}

export type NewDrift = Omit<DriftRecord, 'id' | 'hostId' | 'hostname' | 'at' | 'receivedAt'> & {
  readonly atMs: number
  readonly receivedAtMs: number
}

export interface StoreTransaction
  extends IdentityTransaction,
    AccessTransaction,
    AgentHealthTransaction,
    ClusterHostTransaction,
    CohortTransaction,
    RetentionTransaction,
    HistoryTransaction,
    ReplicaTransaction,
    AuthorityTransaction,
    NotificationTransaction,
    PolicyTransaction {
  openHost(opening: HostOpening): Promise<OpenedHost>
  /** its results go, its past stays. @returns whether it was there */
  retireHost(id: string, reason: string, atMs: number): Promise<boolean>
  /** with all that is known of it. @returns whether it was there */
  deleteHost(id: string): Promise<boolean>
  touchHosts(seen: ReadonlyMap<number, number>): Promise<void>

  appliedSequence(host: number, outboxId: string): Promise<number>
  setAppliedSequence(host: number, outboxId: string, sequence: number, atMs: number): Promise<void>

  currentFacet(host: number, facet: string): Promise<CurrentFacet | undefined>
  body(digest: string): Promise<StoredBody | undefined>
  putBody(digest: string, body: StoredBody): Promise<void>
  /**
   * Closes the history row that held before, opens the next, makes it current.
   * @returns what that comes to for the cohorts of the host that have the facet pinned
   */
  putFacet(host: number, transition: FacetTransition): Promise<readonly PinnedChange[]>
  confirmFacet(host: number, facet: string, agentVersion: string): Promise<void>

  putGap(host: number, gap: StoredGap): Promise<void>

  /** @returns whether these are the first of that facet */
  putObservations(host: number, observations: StoredObservations): Promise<boolean>

  /** adds to what the results of a host were not made with yet */
  markForJudgement(host: number, marks: readonly JudgementMark[]): Promise<void>
  /** Nobody else writes the host until the transaction ends. @returns its revision, undefined when it is not there */
  holdHost(host: number): Promise<number | undefined>
  putResults(host: number, results: readonly StoredResult[], atMs: number): Promise<void>
  deleteResults(host: number, checks: readonly string[]): Promise<void>
  putEndedResults(host: number, ended: readonly EndedResult[], atMs: number): Promise<void>
  /** adds to the number of hosts on which a check stands so */
  countResults(changes: Iterable<CountChange>): Promise<void>
  /** ends a judgement: the revision grows, and the marks it was made with go */
  setJudged(host: number, judged: Judged): Promise<void>

  appendDrift(host: number, rows: readonly NewDrift[]): Promise<void>
}
