// What a collector and the process that asks the fleet say to each other, a line of JSON each.
import type { Scope } from '../store/access-records.ts'
import type { FactRow, FactSummary } from './fact-rows.ts'

export interface QueryRequest {
  readonly expression: string
  /** labels of the hosts that may be asked */
  readonly scope: Scope
  readonly nowMs: number
  /** also hosts that are false or not known */
  readonly all: boolean
}

export type QueryMessage =
  | { readonly ready: true }
  | { readonly rows: readonly FactRow[] }
  | { readonly summary: FactSummary }
  /** the expression is wrong */
  | { readonly mistake: string }
  | { readonly error: string }
