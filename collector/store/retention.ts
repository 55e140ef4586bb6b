// What is kept for how long, and what a store does to keep it so.

export const prunedKinds = [
  'history',
  'drift',
  'gaps',
  'retiredObservations',
  'enrollments',
  'enrollmentTokens',
  'credentials',
  'bodies',
] as const
/**
 * Rows that go by age. history: states that ended; retiredObservations: of hosts that are no more; enrollments: decided or
 * forgotten; enrollmentTokens and credentials: that ended; bodies: that nothing refers to, of whatever age.
 */
export type PrunedKind = (typeof prunedKinds)[number]

/** Part of a store's transaction. */
export interface RetentionTransaction {
  /** Takes rows away that ended before a time, at most so many. @returns how many went; fewer than asked: none is left */
  prune(kind: PrunedKind, beforeMs: number, limit: number): Promise<number>
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
  /** Does the work if no other collector does it now. @returns undefined when another one does */
  ifAlone<T>(work: () => Promise<T>): Promise<T | undefined>
  /** gives some room back to the disk, and keeps the log short, without holding anybody up for long */
  tidy(): Promise<void>
  size(): Promise<StoreSize>
}
