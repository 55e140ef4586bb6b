// Hosts that nobody judged yet, while their first facets arrive: judged one facet at a time they would begin with errors.
import type { Clock } from '../../runtime/clock.ts'

export interface Settling {
  /** hosts that are waited for */
  readonly size: number
  /** monotonic time from which it is worth asking for those that settled */
  readonly nextMs: number
  has(host: number): boolean
  /** A host is to be judged for the first time. @returns whether to wait for more of it */
  begin(host: number): boolean
  /** More of it came. @returns whether it is waited for */
  touch(host: number): boolean
  /** Those of which nothing came for a while: they wait no more. */
  settled(): readonly number[]
}

/** Times of quiet after which a host is judged that never is quiet. */
const longestWaits = 20

/** @param settleMs quiet that a host is waited for; with 0 nobody waits */
export function createSettling(settleMs: number, clock: Pick<Clock, 'monotonic'>): Settling {
  const waiting = new Map<number, { readonly sinceMs: number; dueMs: number }>()
  const ripe = new Set<number>()
  let nextMs = Number.POSITIVE_INFINITY
  return {
    get size() {
      return waiting.size
    },
    get nextMs() {
      return nextMs
    },
    has: host => waiting.has(host),
    begin(host) {
      if (settleMs === 0 || ripe.delete(host)) return false
      if (waiting.has(host)) return true
      const sinceMs = clock.monotonic()
      const dueMs = sinceMs + settleMs
      waiting.set(host, { sinceMs, dueMs })
      nextMs = Math.min(nextMs, dueMs)
      return true
    },
    touch(host) {
      const one = waiting.get(host)
      if (!one) return false
      one.dueMs = Math.min(clock.monotonic() + settleMs, one.sinceMs + longestWaits * settleMs)
      return true
    },
    settled() {
      const nowMs = clock.monotonic()
      nextMs = Number.POSITIVE_INFINITY
      const found: number[] = []
      for (const [host, { dueMs }] of waiting) {
        if (dueMs > nowMs) nextMs = Math.min(nextMs, dueMs)
        else found.push(host)
      }
      for (const host of found) {
        waiting.delete(host)
        ripe.add(host)
      }
      return found
    },
  }
}
