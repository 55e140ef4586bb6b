// Tests of giving back what is no longer used: as long as the agent stays, and no longer.
import t from 'tap'
import { collectGarbage } from '../../../agent/health/collect-garbage.ts'
import { giveBackGarbage } from '../../../agent/health/give-back-garbage.ts'
import { createFakeClock } from '../../fake-clock.ts'

t.test('garbage is collected each minute until the agent ends', async t => {
  const clock = createFakeClock()
  const end = new AbortController()
  let collections = 0
  const ended = giveBackGarbage(clock, () => (collections += 1), end.signal)
  await clock.advance(59_000)
  t.equal(collections, 0)
  await clock.advance(61_000)
  t.equal(collections, 2)
  end.abort()
  await ended
  await clock.advance(600_000)
  t.equal(collections, 2)
})

t.test('what nobody holds any more is gone after a collection', async t => {
  const gone = new WeakRef({ held: 'no longer' })
  // A reference lives for the turn of the event loop that made it.
  await new Promise(resolve => setImmediate(resolve))
  collectGarbage()
  t.equal(gone.deref(), undefined)
})
