// What the collector keeps and asks for, whatever the database: the one interface that every backend implements.

import type { Result, ResultState, Severity } from '../../policy/check.ts'
import type { FacetState, JsonObject } from '../../proto/facet.ts'

export interface HostRecord {
  readonly id: string
  /** identity the agent proved, or its UUID before enrollment */
  readonly hostKey: string
  readonly hostname: string
  readonly machineId: string
  readonly agentVersion: string
  readonly labels: Readonly<Record<string, string>>
  /** ISO 8601 */
  readonly firstSeen: string
  readonly lastSeen: string
  readonly connected: boolean
  readonly score: number
  readonly coverage: number
  readonly counts: Readonly<Record<ResultState, number>>
  readonly failedBySeverity: Readonly<Record<Severity, number>>
}

/** Where a facet of a host stands now: the last state told, and the last good facts when that state has none. */
export interface FacetRecord {
  readonly hostId: string
  readonly current: FacetState
  /** ISO 8601: since when this state holds */
  readonly since: string
  readonly receivedAt: string
  /** facts of the last present state when `current` is unreadable or error */
  readonly lastGood?: { readonly facts: JsonObject; readonly digest: string; readonly since: string }
}

export interface ResultRecord extends Result {
  readonly hostId: string
  readonly hostname: string
  readonly severity: Severity
  readonly title: string
  /** ISO 8601: since when the state holds */
  readonly since: string
}

/** One change of a fact or of a result. */
export interface DriftRecord {
  /** ascending with the order of changes */
  readonly id: number
  readonly hostId: string
  readonly hostname: string
  readonly kind: 'fact' | 'result' | 'facet'
  /** facet name, or check id for a result */
  readonly subject: string
  readonly change: 'added' | 'removed' | 'changed'
  /** dotted path of the field or list, `state` for a facet or result */
  readonly field: string
  /** in words, such as `listener 0.0.0.0:8080/tcp by nginx opened` */
  readonly text: string
  readonly before?: unknown
  readonly after?: unknown
  /** ISO 8601: when the agent saw it, corrected by the measured clock skew */
  readonly at: string
  readonly receivedAt: string
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
