// Buckets of times, and what percentiles come of them.
import fc from 'fast-check'
import t from 'tap'
import { bucketFrom, bucketOf, percentileOf } from '../../../collector/store/fix-bucket.ts'

t.test('a time is in its bucket, and buckets follow each other', async t => {
  const holds = fc.property(fc.integer({ min: 0, max: 30 * 365 * 86_400_000 }), ms => {
    const bucket = bucketOf(ms)
    return bucketFrom(bucket) <= ms && ms < bucketFrom(bucket + 1)
  })
  t.doesNotThrow(() => fc.assert(holds))
  t.same([bucketOf(0), bucketOf(-5), bucketOf(1_999)], [0, 0, 0])
  for (let bucket = 0; bucket < 120; bucket++) t.equal(bucketOf(Math.ceil(bucketFrom(bucket))), bucket)
  t.equal(bucketOf(Number.MAX_SAFE_INTEGER), 120, 'what never ends is in the last')
})

t.test('percentiles are within a bucket of the truth', async t => {
  const holds = fc.property(
    fc.array(fc.integer({ min: 0, max: 1e10 }), { minLength: 1, maxLength: 200 }),
    fc.constantFrom(50, 75, 90, 99),
    (times, percent) => {
      const sums = new Map<number, number>()
      for (const ms of times) sums.set(bucketOf(ms), (sums.get(bucketOf(ms)) ?? 0) + 1)
      const sorted = times.toSorted((a, b) => a - b)
      const truth = sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0
      const found = percentileOf(sums, percent) ?? Number.NaN
      return found >= bucketFrom(bucketOf(truth)) - 1 && found <= bucketFrom(bucketOf(truth) + 1) + 1
    },
  )
  t.doesNotThrow(() => fc.assert(holds))
  t.equal(percentileOf(new Map(), 50), undefined)
})
