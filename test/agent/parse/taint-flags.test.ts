// Tests of taint letters.
import t from 'tap'
import { taintFlags } from '../../../agent/parse/taint-flags.ts'

t.test('bits become letters', async t => {
  t.strictSame(taintFlags(0), [])
  t.strictSame(taintFlags(1), ['P'])
  t.strictSame(taintFlags(12288), ['O', 'E'])
  t.strictSame(taintFlags(512 + 4096), ['W', 'O'])
  t.strictSame(taintFlags(2 ** 40), ['40'], 'a bit without a letter is its number')
})
