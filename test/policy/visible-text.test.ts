import * as fc from 'fast-check'
import t from 'tap'
import { bounded, hasInvisible, visible } from '../../policy/visible-text.ts'

t.test('control characters become visible, other text stays', async t => {
  t.equal(visible('grüße 😀 \\ "x"'), 'grüße 😀 \\ "x"')
  t.equal(visible('a\nb\u001b[31m\u007f\u0085'), 'a\\x0ab\\x1b[31m\\x7f\\x85')
  t.equal(visible('a\u202eb\u2028c\ufeff\ud800'), 'a\\u{202e}b\\u{2028}c\\u{feff}\\u{d800}')
})

t.test('what was made visible has nothing invisible left', async t => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !hasInvisible(visible(text))))
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => hasInvisible(text) === (visible(text) !== text)))
  t.ok(hasInvisible('\n') && hasInvisible('\n'), 'asking twice gives the same answer')
})

t.test('a bound cuts with an ellipsis and never through a character', async t => {
  t.equal(bounded('abc', 3), 'abc')
  t.equal(bounded('abcd', 3), 'ab…')
  t.equal(bounded('a😀😀', 3), 'a…')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 9 }), (text, limit) => {
      const cut = bounded(text, limit)
      return cut.length <= limit && cut.isWellFormed()
    }),
  )
})
