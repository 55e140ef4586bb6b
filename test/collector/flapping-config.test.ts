// From when on something flaps, as a person writes it.
import t from 'tap'
import { FlappingSchema, flapRules } from '../../collector/flapping-config.ts'

const parse = (value: unknown) => flapRules(FlappingSchema.parse(value))

t.test('eight changes within an hour, or what is written', async t => {
  t.same(parse(undefined), { turns: 8, windowMs: 3_600_000 })
  t.same(parse({ turns: 3, window: '90m' }), { turns: 3, windowMs: 5_400_000 })
  t.same(parse({ turns: 0 }), { turns: 0, windowMs: 3_600_000 })
  t.equal(parse({ window: '24h' }).windowMs, 86_400_000)
})

t.test('what means nothing is refused', async t => {
  for (const turns of [1, 2, 101, 2.5, -3, '8']) t.throws(() => parse({ turns }), `${turns} turns`)
  for (const window of ['25h', '0m', '1d', '60', '1000m', '']) t.throws(() => parse({ window }), `${window} of window`)
  t.throws(() => parse({ turn: 8 }))
})
