// When a message that was not taken is sent again.
import { backoffMs } from '../../runtime/backoff.ts'

const waits = { firstMs: 5_000, mostMs: 15 * 60_000 } as const
/** What others may ask for at most. */
const longestAskedMs = 3_600_000

/**
 * @param attempts that failed, this one included
 * @param askedMs what the other side asked for
 * @param random from 0 to 1: collectors that failed together do not come back together
 */
export function retryDelayMs(attempts: number, askedMs: number | undefined, random: number): number {
  const delayMs = Math.round(backoffMs(waits, attempts) * (0.75 + random / 2))
  return askedMs === undefined ? delayMs : Math.max(delayMs, Math.min(askedMs, longestAskedMs))
}

/** Value of a Retry-After header: seconds, or a date. @source RFC 9110 §10.2.3 */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const atMs = /^[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}
