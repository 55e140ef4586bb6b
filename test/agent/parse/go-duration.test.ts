// Tests of the parser of Go durations.
import fc from 'fast-check'
import t from 'tap'
import { parseGoDuration } from '../../../agent/parse/go-duration.ts'

const second = 1_000_000_000n

t.test('durations that Go accepts become nanoseconds', async t => {
  const accepted: readonly (readonly [string, bigint])[] = [
    ['0', 0n],
    ['+0', 0n],
    ['-0', 0n],
    ['0s', 0n],
    ['5m', 300n * second],
    ['5m0s', 300n * second],
    ['4h0m0s', 14_400n * second],
    ['1h30m', 5_400n * second],
    ['1.5s', 1_500_000_000n],
    ['.5s', 500_000_000n],
    ['1.s', second],
    ['-2us', -2_000n],
    ['3\u00b5s', 3_000n],
    ['3\u03bcs', 3_000n],
    ['100ms', 100_000_000n],
    ['9223372036854775807ns', 9_223_372_036_854_775_807n],
    ['-9223372036854775808ns', -9_223_372_036_854_775_808n],
  ]
  for (const [text, nanoseconds] of accepted) t.equal(parseGoDuration(text), nanoseconds, text)
})

t.test('what Go refuses is undefined', async t => {
  const refused = ['', '3', '-', 's', '.s', '+.s', '1d', '1 s', ' 1s', '1s ', '--1s', '0x1s', '1s\n', '5m\u0000', '٣s']
  for (const text of refused) t.equal(parseGoDuration(text), undefined, JSON.stringify(text))
  t.equal(parseGoDuration('9223372036854775808ns'), undefined, 'beyond 64 bits')
  t.equal(parseGoDuration('99999999999999999999999999999h'), undefined, 'far beyond 64 bits')
  t.equal(parseGoDuration('1'.repeat(100_000)), undefined, 'over-long')
})

t.test('hours, minutes and seconds add up, and no text makes the parser throw', async t => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(10_000), fc.nat(100_000), (h, m, s) => {
      const expected = BigInt(h) * 3600n + BigInt(m) * 60n + BigInt(s)
      return parseGoDuration(`${h}h${m}m${s}s`) === expected * second
    }),
  )
  fc.assert(
    fc.property(fc.string(), text => {
      const parsed = parseGoDuration(text)
      return parsed === undefined || typeof parsed === 'bigint'
    }),
  )
  t.pass('200 random durations and texts')
})
