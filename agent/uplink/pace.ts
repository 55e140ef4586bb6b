// How fast a queue that grew during an outage is emptied: some at once, then so many a second.
import type { Clock } from '../../runtime/clock.ts'

export interface Pace {
  /** how many may go now */
  readonly left: number
  spend(count: number): void
  /** until one more may go, in milliseconds; 0 when one may go now */
  readonly waitMs: number
}

export function createPace({ monotonic }: Clock, perSecond: number, burst: number): Pace {
  let tokens = burst
  let filledAt = monotonic()
  const fill = () => {
    const now = monotonic()
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond)
    filledAt = now
  }
  return {
    get left() {
      fill()
      return Math.floor(tokens)
    },
    spend(count) {
      tokens -= count
    },
    get waitMs() {
      fill()
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000)
    },
  }
}
