// What the collector keeps: its records, the filters they are asked by, and pages of them.

import type { Check, Result, ResultState, Severity } from '../../policy/check.ts'
import type { Waiver } from '../../policy/waivers.ts'
import type { FacetState, JsonObject } from '../../proto/facet.ts'
import type { Scope } from './access-records.ts'
import type { HostStanding } from './identity-records.ts'
import type { Tally } from './tally.ts'

export interface HostRecord {
  readonly id: string
  /** identity the agent proved, or its UUID before enrollment */
  readonly hostKey: string
  readonly hostname: string
  readonly machineId: string
  readonly agentVersion: string
  /** profiles that the host takes by itself */
  readonly profiles: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** ISO 8601 */
  readonly firstSeen: string
  readonly lastSeen: string
  readonly connected: boolean
  readonly standing: HostStanding
  /** missing while no check has a verdict */
  readonly score?: number
  /** missing while no check applies */
  readonly coverage?: number
  readonly counts: Readonly<Record<ResultState, number>>
  /** results that are waived, each of which `counts` holds as it was found */
  readonly waived: number
  /** without what is waived */
  readonly failedBySeverity: Readonly<Record<Severity, number>>
}

/** Where a facet of a host stands now: the last state told, and the last good facts when that state has none. */
export interface FacetRecord {
  readonly hostId: string
  readonly current: FacetState
  /** ISO 8601: since when this state holds */
  readonly since: string
  readonly receivedAt: string
  /** ISO 8601: when the observations were made; empty when there are none */
  readonly observedAt: string
  /** facts of the last present state when `current` is unreadable or error */
  readonly lastGood?: { readonly facts: JsonObject; readonly digest: string; readonly since: string }
}

/** A facet without its body, for lists. */
export interface FacetSummary {
  readonly facet: string
  readonly state: FacetState['state']
  readonly schemaVersion: number
  readonly digest: string
  /** why there are no facts, empty when present */
  readonly reason: string
  readonly since: string
  readonly receivedAt: string
}

/** One stretch of time in which a facet of a host did not change. */
export interface FacetHistoryRecord {
  readonly digest: string
  readonly state: FacetState['state']
  readonly schemaVersion: number
  readonly validFrom: string
  /** empty while it holds */
  readonly validTo: string
  readonly receivedAt: string
}

/** A stretch of time in which a facet of a host changed, and nobody can tell how. */
export interface GapRecord {
  readonly facet: string
  readonly from: string
  readonly to: string
  /** changes that merged into the one that ended it; 0 when nobody counted */
  readonly changes: number
  readonly receivedAt: string
}

export interface ResultRecord extends Result {
  readonly hostId: string
  readonly hostname: string
  readonly severity: Severity
  readonly title: string
  /** ISO 8601: since when the state holds */
  readonly since: string
  /** since when it fails, also while nobody can tell; missing when it does not */
  readonly failingSince?: string
  /** of one that fails: when it failed first, as far as results are kept, and when its host was heard of last */
  readonly firstSeen?: string
  readonly lastSeen?: string
}

/** One stretch of time in which a result of a host did not change. */
export interface ResultHistoryRecord extends Pick<Result, 'state' | 'reason' | 'evidence' | 'remediation'> {
  /** ISO 8601 */
  readonly from: string
  /** empty while it holds */
  readonly to: string
}

export const driftKinds = ['fact', 'facet', 'result', 'deviation'] as const
export type DriftKind = (typeof driftKinds)[number]

/** One change of a fact or of a result; a deviation is of a host from what its cohort has pinned. */
export interface DriftRecord {
  /** ascending with the order of changes */
  readonly id: number
  readonly hostId: string
  readonly hostname: string
  readonly kind: DriftKind
  /** facet name, or check id for a result */
  readonly subject: string
  readonly change: 'added' | 'removed' | 'changed'
  /** dotted path of the field or list, `state` for a facet or result, id of the cohort for a deviation */
  readonly field: string
  /** in words, such as `listener 0.0.0.0:8080/tcp by nginx opened` */
  readonly text: string
  readonly before?: unknown
  readonly after?: unknown
  /** it came and went again and again, and is told again when that is over */
  readonly flapping?: 'begins' | 'ends'
  /** ISO 8601: when the agent saw it, corrected by the measured clock skew */
  readonly at: string
  readonly receivedAt: string
}

/** Some facets of one host, by their digests. */
export interface FactsOfHost {
  /** the store's own number */
  readonly host: number
  readonly id: string
  readonly hostname: string
  /** `body` is the store's own number of it */
  readonly digests: readonly { readonly facet: string; readonly digest: string; readonly body: number }[]
}

/** A page of a keyset-ordered list. */
export interface Page<T> {
  readonly items: readonly T[]
  /** opaque; absent on the last page */
  readonly nextCursor?: string
}

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string
}

export interface HostFilter {
  /** part of the host name, id or machine id, any case */
  readonly q?: string
  /** hosts that have all of them */
  readonly labels?: readonly { readonly key: string; readonly value: string }[]
  /** store numbers of the hosts that are connected now */
  readonly connected: ReadonlySet<number>
  readonly state?: 'connected' | 'disconnected'
  readonly standing?: HostStanding
  readonly notStanding?: HostStanding
  /** milliseconds since the epoch: seen last before, seen last since, first seen since */
  readonly lastSeenBeforeMs?: number
  readonly lastSeenSinceMs?: number
  readonly firstSeenSinceMs?: number
  /** hosts with a failing result of that severity */
  readonly severity?: Severity
  /** by name, or the worst first */
  readonly sort: 'hostname' | 'score'
  readonly scope?: Scope
}

export interface ResultFilter {
  readonly state?: ResultState
  readonly severity?: Severity
  readonly check?: string
  readonly hostId?: string
  readonly scope?: Scope
  readonly waived?: boolean
}

export interface DriftFilter {
  readonly hostId?: string
  readonly subject?: string
  readonly kind?: DriftRecord['kind']
  /** milliseconds since the epoch, compared with `at` */
  readonly sinceMs?: number
  readonly scope?: Scope
}

/** A check of the catalog in force, and on how many hosts it stands how. */
export interface CheckRecord {
  readonly check: Check['id']
  readonly counts: Readonly<Record<ResultState, number>>
  /** hosts on which it is waived, each of which `counts` holds as it was found */
  readonly waived: number
}

/** A waiver in force, and how many results it accepts now. */
export interface WaiverRecord extends Waiver {
  readonly source: 'file' | 'api'
  readonly results: number
}

export interface FleetCounts {
  readonly hosts: number
  /** over all hosts */
  readonly results: Tally
  /** highest drift id ever given */
  readonly lastDriftId: number
}

export interface BodyHead {
  readonly facet: string
  readonly schemaVersion: number
  readonly state: FacetState['state']
}

/** What a digest stands for. */
export interface StoredBody extends BodyHead {
  /** canonical JSON of the facts or of the reason */
  readonly body: string
}
