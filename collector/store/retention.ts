// What a store does so that it does not grow for ever.
import type { Singleton } from './singleton.ts'

export const prunedKinds = [
  'history',
  'drift',
  'endedResults',
  'gaps',
  'retiredObservations',
  'enrollments',
  'enrollmentTokens',
  'credentials',
  'postures',
  'turns',
  'checkDays',
  'fixes',
  'driftItems',
] as const
/**
 * Rows that go by age. history: states that ended; retiredObservations: of hosts that are no more; enrollments: decided or
 * forgotten; enrollmentTokens and credentials: that ended; postures to fixes: what trends are made of; driftItems: what
 * changed lately and does not flap.
 */
export type PrunedKind = (typeof prunedKinds)[number]

/** Part of a store's transaction. */
export interface RetentionTransaction {
  /** Takes rows away that ended before a time, at most so many. @returns how many went; fewer than asked: none is left */
  prune(kind: PrunedKind, beforeMs: number, limit: number): Promise<number>
  /** remembers that what ended before a time is gone */
  notePruned(kind: PrunedKind, beforeMs: number): Promise<void>
  /** Takes bodies away that nothing refers to, of those whose number is in (after, upTo]. @returns how many went */
  pruneBodies(after: number, upTo: number): Promise<number>
  /** Takes details of results away that were put last before a day since the epoch. @returns how many went */
  pruneDetails(numbers: readonly number[], usedBefore: number): Promise<number>
}

/** How large a database is on its disk; 0 for what it does not know. */
export interface StoreSize {
  readonly bytes: number
  /** of them, held for what comes */
  readonly freeBytes: number
  /** of the log that is not merged into it yet */
  readonly logBytes: number
}

export interface Upkeep {
  /** see `asSingleton`, which is what to call */
  ifAlone<T>(name: Singleton, work: (lost: AbortSignal) => Promise<T>): Promise<T | undefined>
  /** highest number of a body, 0 when there is none */
  newestBody(): Promise<number>
  /** numbers of details that no result refers to, of those that were put last before a day since the epoch */
  unusedDetails(usedBefore: number): Promise<readonly number[]>
  /** Gives some room back to the disk, for a moment. @returns whether there is more */
  tidy(): Promise<boolean>
  size(): Promise<StoreSize>
}
