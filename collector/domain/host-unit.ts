// What one transaction does to one host: gathered while changes apply, judged once at the end.

import type { ResultState } from '../../policy/check.ts'
import type { StoreTransaction } from '../store/transaction.ts'
import type { DriftRow } from './drift-rows.ts'

/** How many hosts more or less stand so on a check, gathered over a transaction. */
export type ResultCounts = Map<string, Map<ResultState, number>>

export interface HostUnit {
  readonly transaction: StoreTransaction
  readonly host: number
  /** time of the transaction: what it stores was received by then */
  readonly nowMs: number
  /** shared by the units of a transaction */
  readonly counts: ResultCounts
  /** facets that changed, and whether that is to raise no drift */
  readonly changed: Map<string, { readonly quiet: boolean }>
  /** facets whose observations were replaced, and whether that is to raise no drift */
  readonly observed: Map<string, { readonly quiet: boolean }>
  /** highest applied sequence by outbox */
  readonly progress: Map<string, number>
  readonly drift: { readonly row: DriftRow; readonly atMs: number }[]
  /** since when the latest change of this unit holds */
  latestMs: number
}

export function createHostUnit(given: Pick<HostUnit, 'transaction' | 'host' | 'nowMs' | 'counts'>): HostUnit {
  return {
    ...given,
    changed: new Map(),
    observed: new Map(),
    progress: new Map(),
    drift: [],
    latestMs: 0,
  }
}
