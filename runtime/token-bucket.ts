// How often something may happen: so many at once, and then so many a second.
import type { Clock } from './clock.ts'

export interface TokenBucket {
  /** how many may happen now */
  readonly left: number
  spend(count: number): void
  /** until one more may happen, in whole milliseconds; 0 when one may happen now, which is when `left` is above 0 */
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
  // Binary fractions may miss a whole one by next to nothing: half a microsecond earlier is as good.
  const early = perSecond * 5e-7
  const whole = () => Math.floor(fill() + early)
  const wait = () => (whole() > 0 ? 0 : Math.max(1, Math.ceil(((1 - tokens) / perSecond) * 1000 - 5e-4)))
  return {
    get left() {
      return whole()
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
