// How long failures stood, in buckets: a fixed number of them for each doubling, so that sums of any days give percentiles.

/** Buckets for each doubling of the time: a bucket is some 19 % wide. */
const perDoubling = 4
/** Some 34 years. */
const lastBucket = 30 * perDoubling

/** @returns 0 for less than two seconds */
export function bucketOf(ms: number): number {
  const bucket = Math.floor(Math.log2(Math.max(ms, 1_000) / 1_000) * perDoubling)
  return bucket < perDoubling ? 0 : Math.min(bucket - perDoubling + 1, lastBucket)
}

/** Where a bucket begins, in milliseconds. */
export function bucketFrom(bucket: number): number {
  return bucket === 0 ? 0 : 1_000 * 2 ** ((bucket + perDoubling - 1) / perDoubling)
}

/**
 * How long so many percent of the failures stood at most: between the ends of the bucket in which it is.
 * @param failures number of them by bucket
 * @returns milliseconds, undefined when there was none
 */
export function percentileOf(failures: ReadonlyMap<number, number>, percent: number): number | undefined {
  const buckets = [...failures].sort(([a], [b]) => a - b)
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  const wanted = (total * percent) / 100
  let before = 0
  for (const [bucket, count] of buckets) {
    if (before + count >= wanted && count > 0) {
      const [from, to] = [bucketFrom(bucket), bucketFrom(bucket + 1)]
      return Math.round(from + ((to - from) * (wanted - before)) / count)
    }
    before += count
  }
  return undefined
}
