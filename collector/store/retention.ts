// What a store does so that it does not grow for ever.
import type { Singleton } from './singleton-names.ts'

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

/** What a kind of rows stands in; one collector at a time changes them. */
export interface TimePartitions {
  /** Makes those that come next. @param ageMs how long rows are kept, 0 for ever */
  makeAhead(nowMs: number, ageMs: number): Promise<number>
  /** Takes those away in which everything ended before a time. @returns how many rows went with them */
  dropPast(beforeMs: number): Promise<number>
  /** Part of their time that rows may stay longer, so that they go as a whole. */
  readonly longerBy: number
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
  /** @returns the partitions by time that a kind of rows stands in, undefined where rows go one by one */
  partitions(kind: PrunedKind): TimePartitions | undefined
  /** highest number of a body, 0 when there is none */
  newestBody(): Promise<number>
  /** numbers of details that no result refers to, of those that were put last before a day since the epoch */
  unusedDetails(usedBefore: number): Promise<readonly number[]>
  /** Gives some room back to the disk, for a moment. @returns whether there is more */
  tidy(): Promise<boolean>
  size(): Promise<StoreSize>
  /**
   * Applies migrations that waited for collectors of earlier versions, when those are gone.
   * @param progress one line for people while tables change
   * @returns whether some still wait
   */
  contract(progress: (text: string) => void): Promise<boolean>
  /** For long work, after each transaction: resolves when what was written is in order, so that nobody waits for that later. */
  rest(): Promise<void>
}
