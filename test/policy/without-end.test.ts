// Tests of cutting characters off the end of a text.
import fc from 'fast-check'
import t from 'tap'
import { withoutEnd } from '../../policy/without-end.ts'

t.test('only the end is cut', async t => {
  t.equal(withoutEnd('a\n\nb\n\n', '\n'), 'a\n\nb')
  t.equal(withoutEnd(' a \t ', ' \t'), ' a')
  t.equal(withoutEnd('a', '\n'), 'a')
  t.equal(withoutEnd('\n\n', '\n'), '')
  t.equal(withoutEnd('', '\n'), '')
})

t.test('a long run of them before another character is gone through once', async t => {
  const text = `${'\n'.repeat(4 * 1024 * 1024)}x`
  t.equal(withoutEnd(text, '\n').length, text.length)
})

t.test('it is what the expression would leave', async t => {
  const text = fc.string({ unit: fc.constantFrom(' ', '\t', '\0', 'x') })
  fc.assert(fc.property(text, value => withoutEnd(value, ' \t') === value.replace(/[ \t]+$/, '')))
  t.pass('for any text')
})
