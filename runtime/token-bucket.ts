// How often something may happen: so many at once, and then so many a second.
import type { Clock } from './clock.ts'

export interface TokenBucket {
  /** how many may happen now */
  readonly left: number
  spend(count: number): void
  /** until one more may happen, in milliseconds; 0 when one may happen now */
  readonly waitMs: number
  /** spends one when it may happen now. @returns what `waitMs` was */
  take(): number
}

export function createTokenBucket(
  { monotonic }: Pick<Clock, 'monotonic'>,
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
): TokenBucket {
  let tokens = burst
  let filledAt = monotonic()
  const fill = () => {
    const now = monotonic()
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond)
    filledAt = now
    return tokens
  }
  const wait = () => Math.max(0, Math.ceil(roundOff(((1 - fill()) / perSecond) * 1000)))
  return {
    get left() {
      return Math.floor(fill())
    },
    spend(count) {
      tokens -= count
    },
    get waitMs() {
      return wait()
    },
    take() {
      const waitMs = wait()
      if (waitMs === 0) tokens -= 1
      return waitMs
    },
  }
}

/** To whole microseconds: binary fractions would ask for a millisecond too much. */
function roundOff(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
