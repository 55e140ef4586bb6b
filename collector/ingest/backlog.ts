// How far the collector is behind a host: what the agent says it has queued, less what came to the disk.

export interface SyncState {
  /** `catching-up` when what is still to come is older than a while; a change under way is none of that */
  readonly state: 'current' | 'catching-up'
  /** age of the oldest change that is not here, in milliseconds; 0 when everything is */
  readonly behindMs: number
  /** changes that are not here, as the agent said last */
  readonly queuedChanges: number
}

export interface Backlog {
  /** A change was taken. @param observedAtMs by the collector's clock @param following changes queued behind it */
  offered(sequence: number, observedAtMs: number, following: number): void
  /** everything up to here is on disk */
  applied(sequence: number): void
  sync(nowMs: number): SyncState
}

/** Younger than that is under way, not left behind. */
const freshMs = 10_000

/**
 * @param queued changes in the outbox when the stream opened
 * @param oldestMs when the oldest of them was seen, by the collector's clock
 */
export function createBacklog(queued: number, oldestMs: number): Backlog {
  const taken = new Map<number, number>()
  let following = queued
  let oldest = oldestMs
  return {
    offered(sequence, observedAtMs, behind) {
      taken.set(sequence, observedAtMs)
      following = behind
    },
    applied(sequence) {
      for (const [each, observedAtMs] of taken) {
        if (each > sequence) break
        taken.delete(each)
        // Nobody said when the next one was seen: not before this one.
        oldest = observedAtMs
      }
    },
    sync(nowMs) {
      const queuedChanges = taken.size + following
      const [first = oldest] = taken.values()
      const behindMs = queuedChanges === 0 ? 0 : Math.max(0, nowMs - first)
      return { state: behindMs > freshMs ? 'catching-up' : 'current', behindMs, queuedChanges }
    },
  }
}
