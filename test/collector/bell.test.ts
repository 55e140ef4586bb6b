// A bell that is heard by who listens, also when it rang before.
import t from 'tap'
import { createBell } from '../../collector/bell.ts'
import { type Clock, systemClock } from '../../runtime/clock.ts'

const never = new AbortController().signal
const patient: Clock = { ...systemClock, sleep: (_, signal) => systemClock.sleep(2 ** 30, signal) }
const hasty: Clock = { ...systemClock, sleep: async () => undefined }

t.test('who asks hears that it rang, whether before or since', async t => {
  const bell = createBell()
  bell.reset('a')
  bell.ring()
  t.equal(await bell.rung('a', patient, 1, never), true)
  t.equal(await bell.rung('a', patient, 1, never), true, 'until it is reset')
  bell.reset('a')
  const later = bell.rung('a', patient, 1, never)
  bell.ring()
  t.equal(await later, true)
})

t.test('when the time is over, or nobody waits any more, it did not ring', async t => {
  const bell = createBell()
  bell.reset('a')
  t.equal(await bell.rung('a', hasty, 1, never), false)
  const ending = new AbortController()
  const waiting = bell.rung('a', patient, 1, ending.signal)
  ending.abort()
  t.equal(await waiting, false)
  t.equal(await bell.rung('unknown', patient, 1, never), false)
})

t.test('each who listens hears it', async t => {
  const bell = createBell()
  for (const who of ['a', 'b']) bell.reset(who)
  const both = ['a', 'b'].map(who => bell.rung(who, patient, 1, never))
  bell.ring()
  t.same(await Promise.all(both), [true, true])
})
