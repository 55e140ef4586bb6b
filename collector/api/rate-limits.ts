// How often one token or one address may ask.
import type { Clock } from '../../runtime/clock.ts'
import { createTokenBucket, type TokenBucket } from '../../runtime/token-bucket.ts'
import { createBoundedCache } from '../domain/bounded-cache.ts'
import { Problem } from './problem.ts'

export interface RateLimits {
  /** @throws Problem 429 with the time to wait */
  take(key: string): void
}

/** Whoever asked least recently is forgotten first, and begins with a full bucket. */
const maxKept = 10_000

export function createRateLimits(
  clock: Pick<Clock, 'monotonic'>,
  rate: { readonly perSecond: number; readonly burst: number } | undefined,
): RateLimits {
  if (!rate) return { take: () => undefined }
  const buckets = createBoundedCache<TokenBucket>(maxKept)
  return {
    take(key) {
      const bucket = buckets.get(key) ?? createTokenBucket(clock, rate)
      buckets.set(key, bucket, 1)
      const waitMs = bucket.take()
      if (waitMs === 0) return
      const text = `${rate.perSecond} requests a second are answered, ${rate.burst} at once`
      throw new Problem(429, text, [], waitMs)
    },
  }
}
