// How probes do: counted as they run, and slowed down while they give no answer in time.
import t from 'tap'
import { createProbeBook } from '../../../agent/health/probe-book.ts'
import { sealFailed } from '../../../proto/seal.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'

const good = smallState({ a: 1 })
const late = sealFailed(SmallFacet, 'error', 'deadline', 'no answer')
const broken = sealFailed(SmallFacet, 'error', 'probe', 'failed')
const unreadable = sealFailed(SmallFacet, 'unreadable', 'EACCES', 'no')

t.test('runs, failures and durations are counted', t => {
  const book = createProbeBook()
  t.same(book.records, [])
  book.ran(good, 30)
  book.ran(broken, 80)
  book.ran(broken, 20)
  const counts = { facet: 'small', runs: 3, failures: 2, failingRuns: 2, lastDurationMs: 20, longestDurationMs: 80 }
  t.same(book.records, [{ ...counts, slowdown: 1 }])
  book.ran(unreadable, 1)
  t.match(book.records[0], { runs: 4, failures: 2, failingRuns: 0 }, 'what cannot be read is no failure of the probe')
  t.end()
})

t.test('a probe that gives no answer in time runs half as often each time, to a bound, until it answers', t => {
  const book = createProbeBook()
  t.equal(book.slowdown('small'), 1)
  const seen = Array.from({ length: 8 }, () => {
    book.ran(late, 10_000)
    return book.slowdown('small')
  })
  t.same(seen, [2, 4, 8, 16, 32, 64, 64, 64])
  book.ran(good, 5)
  t.equal(book.slowdown('small'), 1)
  book.ran(broken, 5)
  t.equal(book.slowdown('small'), 1, 'one that fails at once costs little')
  t.end()
})
