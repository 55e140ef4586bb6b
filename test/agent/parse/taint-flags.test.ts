// Tests of taint letters.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { taintFlags } from '../../../agent/parse/taint-flags.ts'

t.test('bits become letters', async t => {
  t.strictSame(taintFlags(0), [])
  t.strictSame(taintFlags(1), ['P'])
  t.strictSame(taintFlags(12288), ['O', 'E'])
  t.strictSame(taintFlags(512 + 4096), ['W', 'O'])
  t.strictSame(taintFlags(2 ** 40), ['40'], 'a bit without a letter is its number')
})

t.test('every mask is told by its bits, and nothing else', async () => {
  /** The table of Documentation/admin-guide/tainted-kernels.rst. */
  const table = 'P F S R M B U D A W C I O E L K X T N J'.split(' ')
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat({ max: 52 })), bits => {
      const mask = bits.reduce((sum, bit) => sum + 2 ** bit, 0)
      deepEqual(
        taintFlags(mask),
        bits.sort((one, other) => one - other).map(bit => table[bit] ?? `${bit}`),
      )
    }),
  )
})
