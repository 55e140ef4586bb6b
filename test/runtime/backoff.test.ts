// Waits after failures double, and stay at their bound however many failures there were.
import t from 'tap'
import { backoffMs } from '../../runtime/backoff.ts'

t.test('each wait is twice the one before, up to the bound', t => {
  const waits = { firstMs: 5_000, mostMs: 60_000 }
  t.same(
    [1, 2, 3, 4, 5, 6, 100, 1_000_000].map(failures => backoffMs(waits, failures)),
    [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000],
  )
  t.end()
})
