// What a collector and the process that asks the fleet say to each other, a line of JSON each.
import type { Scope } from '../store/access-records.ts'
import type { FactRow, FactSummary } from './fact-rows.ts'
import type { OutlierReport } from './outlier-report.ts'

/** A CEL expression over the facts of every host. */
export interface FactRequest {
  readonly expression: string
  /** labels of the hosts that may be asked */
  readonly scope: Scope
  readonly nowMs: number
  /** also hosts that are false or not known */
  readonly all: boolean
}

/** What sets few hosts apart from the many. */
export interface OutlierRequest {
  /** name of a facet */
  readonly outliersOf: string
  /** labels of the hosts that are held against each other */
  readonly scope: Scope
  /** id of a cohort that they are of; left out for the whole fleet */
  readonly cohort?: string
  /** outliers that are told */
  readonly limit: number
}

export type QueryRequest = FactRequest | OutlierRequest

export type QueryMessage =
  | { readonly ready: true }
  /** it goes on */
  | { readonly working: true }
  | { readonly rows: readonly FactRow[] }
  | { readonly summary: FactSummary }
  | { readonly outliers: OutlierReport }
  /** the question is wrong */
  | { readonly mistake: string }
  | { readonly error: string }
