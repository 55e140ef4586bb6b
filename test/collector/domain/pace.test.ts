// How much is done at once follows how long it takes.
import t from 'tap'
import { createPace } from '../../../collector/domain/pace.ts'

t.test('quick steps grow to a bound, long ones shrink to another, others stay', async t => {
  let nowMs = 0
  const pace = createPace({ monotonic: () => nowMs })
  const step = (ms: number) =>
    pace.timed(async () => {
      nowMs += ms
      return pace.rows
    })
  t.equal(await step(8), 50)
  t.equal(pace.rows, 50, 'a step that took neither long nor short')
  for (let count = 0; count < 9; count++) await step(1)
  t.equal(pace.rows, 400)
  await step(13)
  t.equal(pace.rows, 200)
  for (let count = 0; count < 9; count++) await step(100)
  t.equal(pace.rows, 10)
  await t.rejects(
    pace.timed(async () => {
      throw new Error('no')
    }),
    /no/,
  )
})
