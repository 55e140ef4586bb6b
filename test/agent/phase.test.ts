// When the hosts of a fleet do what they all do.
import fc from 'fast-check'
import t from 'tap'
import { untilTurn } from '../../agent/phase.ts'

const hour = 3_600_000

t.test('the turns of a host are an interval apart, wherever one starts to wait', async t => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1, max: 7 * 24 * hour }),
      fc.integer({ min: 0, max: 4e12 }),
      (key, interval, now) => {
        const wait = untilTurn(key, interval, now)
        if (wait <= 0 || wait > interval) return false
        return untilTurn(key, interval, now + wait) === interval && untilTurn(key, interval, now + wait - 1) === 1
      },
    ),
  )
  t.pass('for any key, interval and time')
})

t.test('a fleet is spread over the interval', async t => {
  const minutes = new Map<number, number>()
  for (let host = 0; host < 6_000; host++) {
    const minute = Math.floor(untilTurn(`host-${host}`, hour, 0) / 60_000)
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
  }
  t.ok(minutes.size >= 60, 'each minute has hosts')
  t.ok(Math.max(...minutes.values()) < 160, 'and none has many more than its hundred')
})
