// JSON for terminals has the same value as any JSON, and nothing that a terminal acts on.
import fc from 'fast-check'
import t from 'tap'
import { terminalJson } from '../../report/terminal-json.ts'

t.test('controls and marks of direction are escapes, other text stays', async t => {
  t.equal(
    terminalJson({ a: 'x\u009b31m \u202e\u007f é 漢 \u001b' }, 0),
    '{"a":"x\\u009b31m \\u202e\\u007f é 漢 \\u001b"}',
  )
  t.equal(terminalJson([1]), '[\n  1\n]')
})

t.test('whatever the value is, it is read back, and its text has no control but line ends', async t => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), value => {
      const text = terminalJson(value)
      t.same(JSON.parse(text), JSON.parse(JSON.stringify(value)))
      t.notMatch(text.replaceAll('\n', ''), /\p{Cc}|\p{Bidi_Control}/u)
    }),
    { numRuns: 300 },
  )
})
