// What one transaction does to one host: gathered while changes apply, marked for judgement at the end.
import type { FailureTurn } from '../store/history.ts'
import type { StandingPolicy } from '../store/policy-records.ts'
import type { StoreTransaction } from '../store/transaction.ts'
import type { DriftRow } from './drift-rows.ts'

/** What became other at a host. */
export interface Touch {
  /** it is to raise no drift */
  readonly quiet: boolean
  /** since when it holds, in milliseconds since the epoch */
  readonly sinceMs: number
}

export interface HostUnit {
  readonly transaction: StoreTransaction
  readonly host: number
  /** of its results when the transaction began */
  readonly revision: number
  /** time of the transaction: what it stores was received by then */
  readonly nowMs: number
  /** facets whose facts or state changed */
  readonly changed: Map<string, Touch>
  /** facets whose observations were replaced */
  readonly observed: Map<string, Touch>
  /** highest applied sequence by outbox */
  readonly progress: Map<string, number>
  readonly drift: { readonly row: DriftRow; readonly atMs: number }[]
  /** failures that began or were fixed; those that flap count no more */
  readonly failures: FailureTurn[]
  /** hosts that have to be judged when this is on disk */
  readonly toJudge: Set<number>
  /** what is in force, asked once for all hosts of a transaction */
  readonly standingPolicy: () => Promise<StandingPolicy | undefined>
}

/** @param given `toJudge` and `standingPolicy` are shared by the units of a transaction */
export function createHostUnit(
  given: Pick<HostUnit, 'transaction' | 'host' | 'revision' | 'nowMs' | 'toJudge' | 'standingPolicy'>,
): HostUnit {
  return { ...given, changed: new Map(), observed: new Map(), progress: new Map(), drift: [], failures: [] }
}

/** Several changes of one facet are one: it holds since the last, and is quiet when one of them is. */
export function touch(touched: Map<string, Touch>, facet: string, { quiet, sinceMs }: Touch): void {
  const before = touched.get(facet)
  touched.set(facet, {
    quiet: quiet || before?.quiet === true,
    sinceMs: Math.max(sinceMs, before?.sinceMs ?? 0),
  })
}
