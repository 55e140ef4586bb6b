// Lengths of time as the configuration and the command line have them.
import t from 'tap'
import { parseDuration } from '../../collector/parse-duration.ts'

t.test('a number with a unit is a time', t => {
  t.same(
    ['0s', '90s', '30m', '12h', '7d', '999999d'].map(parseDuration),
    [0, 90_000, 1_800_000, 43_200_000, 604_800_000, 86_399_913_600_000],
  )
  t.end()
})

t.test('anything else is none', t => {
  for (const text of [
    '',
    '1',
    's',
    '1w',
    '-1s',
    '1.5h',
    '1 h',
    ' 1h',
    '1h ',
    '1h\n',
    '1H',
    '1h30m',
    '1000000s',
    '1e3s',
  ])
    t.equal(parseDuration(text), undefined, JSON.stringify(text))
  t.end()
})
