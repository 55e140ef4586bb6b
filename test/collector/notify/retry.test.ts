// When a message is sent again.
import t from 'tap'
import { parseRetryAfter, retryDelayMs } from '../../../collector/notify/retry.ts'

t.test('each time it takes twice as long, up to a quarter of an hour, and not the same for all', t => {
  t.same(
    [1, 2, 3, 4, 8, 9, 50, 5_000].map(attempts => retryDelayMs(attempts, undefined, 0.5)),
    [...[5_000, 10_000, 20_000, 40_000, 640_000, 900_000, 900_000, 900_000]],
  )
  t.same([retryDelayMs(1, undefined, 0), retryDelayMs(1, undefined, 1)], [3_750, 6_250])
  t.end()
})

t.test('who asks for more time gets it, up to an hour, and never less than it takes anyway', t => {
  t.same(
    [0, 60_000, 1e12].map(asked => retryDelayMs(1, asked, 0.5)),
    [5_000, 60_000, 3_600_000],
  )
  t.end()
})

t.test('Retry-After is seconds or a date, and anything else is nothing', t => {
  const nowMs = Date.parse('2026-11-22T12:00:00Z')
  t.equal(parseRetryAfter('120', nowMs), 120_000)
  t.equal(parseRetryAfter('Sun, 22 Nov 2026 12:01:00 GMT', nowMs), 60_000)
  t.equal(parseRetryAfter('Sun, 22 Nov 2026 11:00:00 GMT', nowMs), 0)
  for (const text of [
    undefined,
    '',
    '-1',
    '1.5',
    'soon',
    '9'.repeat(40),
    '2026-11-22',
    'Xxx, 99 Yyy 2026 99:99:99 GMT',
  ]) {
    t.equal(parseRetryAfter(text, nowMs), undefined, String(text))
  }
  t.end()
})
