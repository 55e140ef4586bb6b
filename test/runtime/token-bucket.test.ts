// A token bucket: a burst, then a rate, and never more than the burst again.
import fc from 'fast-check'
import t from 'tap'
import { createTokenBucket } from '../../runtime/token-bucket.ts'
import { createFakeClock } from '../fake-clock.ts'

t.test('a burst may go at once, then so many a second', async t => {
  const clock = createFakeClock()
  const bucket = createTokenBucket(clock, { perSecond: 4, burst: 3 })
  t.same([bucket.take(), bucket.take(), bucket.take()], [0, 0, 0])
  t.equal(bucket.take(), 250, 'the wait is told, and nothing is spent')
  t.equal(bucket.take(), 250)
  await clock.advance(249)
  t.equal(bucket.take(), 1)
  await clock.advance(1)
  t.equal(bucket.waitMs, 0)
  t.equal(bucket.take(), 0)
  t.equal(bucket.left, 0)
})

t.test('what is not used is kept up to the burst', async t => {
  const clock = createFakeClock()
  const bucket = createTokenBucket(clock, { perSecond: 10, burst: 5 })
  bucket.spend(5)
  t.equal(bucket.left, 0)
  await clock.advance(250)
  t.equal(bucket.left, 2)
  await clock.advance(60_000)
  t.equal(bucket.left, 5)
})

t.test('who spent more than there was waits for all of it', async t => {
  const clock = createFakeClock()
  const bucket = createTokenBucket(clock, { perSecond: 10, burst: 5 })
  bucket.spend(10)
  t.equal(bucket.left, -5)
  t.equal(bucket.waitMs, 600)
})

t.test('one may happen when there is nothing to wait for, and only then', t => {
  let now = 0
  const clock = { monotonic: () => now }
  const rate = fc.constantFrom(3, 7, 50, 1 / 1_800)
  // Times between two looks: those after which one more may happen, and a little before and after.
  const share = fc.oneof(fc.double({ min: 0, max: 2, noNaN: true }), fc.constantFrom(1, 1 - 1e-9, 1 + 1e-9, 1 - 1e-5))
  fc.assert(
    fc.property(rate, fc.array(share, { maxLength: 20 }), (perSecond, shares) => {
      const bucket = createTokenBucket(clock, { perSecond, burst: 4 })
      bucket.spend(4)
      for (const share of shares) {
        now += (share / perSecond) * 1_000
        const { left, waitMs } = bucket
        if (left > 0 !== (waitMs === 0) || waitMs < 0 || !Number.isInteger(waitMs)) return false
        bucket.spend(Math.max(0, left))
      }
      return true
    }),
  )
  t.end()
})
