// How often something may happen: so many at once, and then so many a second.
import type { Clock } from '../../runtime/clock.ts'

export interface RateLimiter {
  /** @returns 0 when it may happen now, else the milliseconds after which it is worth asking again */
  take(): number
}

/** A token bucket. */
export function createRateLimiter(
  clock: Clock,
  { perSecond, burst }: { perSecond: number; burst: number },
): RateLimiter {
  let left = burst
  let filledAt = clock.monotonic()
  return {
    take() {
      const now = clock.monotonic()
      left = Math.min(burst, left + ((now - filledAt) / 1000) * perSecond)
      filledAt = now
      if (left < 1) return ((1 - left) / perSecond) * 1000
      left -= 1
      return 0
    },
  }
}
