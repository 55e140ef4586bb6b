// Tests of the finder of JSON errors: it agrees with JSON.parse on what JSON is.
import fc from 'fast-check'
import t from 'tap'
import { jsonErrorLine } from '../../../agent/parse/json-error.ts'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

t.test('the line of the first thing that does not belong', async t => {
  const rows: readonly (readonly [text: string, line: number])[] = [
    ['', 1],
    ['\n\n', 3],
    ['{\n  "a": 1,\n}', 3],
    ['{\n  // why\n}', 2],
    ['{"a": 1\n "b": 2}', 2],
    ['[1,\n2,,3]', 2],
    ['[1]\n\n]', 3],
    ['{"a"\n1}', 2],
    ["{'a': 1}", 1],
    ['{"a": tru}', 1],
    ['{"a": 01}', 1],
    ['["\n"]', 1],
    ['["\\x"]', 1],
    ['["\\u12g4"]', 1],
    ['{"a": [1, 2}\n', 1],
    ['\ufeff{}', 1],
    ['{"a": {"b": [}}', 1],
    ['"open\\', 1],
    ['{}', 0],
    [' [1, "a\\u00e9\\n", {"b": [], "c": {}}, -1.5e+3, true, null]\n', 0],
    ['"text"', 0],
  ]
  for (const [text, line] of rows) t.equal(jsonErrorLine(text), line, JSON.stringify(text))
})

t.test('it finds an error exactly where JSON.parse does', async t => {
  const piece = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '0',
      '.5',
      'e3',
      'true',
      'null',
      ' ',
      '\n',
      '\\',
      '\\u00e9',
      '\t',
      'x',
    ],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const text = pieces.join('')
      return (jsonErrorLine(text) === 0) === isJson(text)
    }),
    { numRuns: 3000 },
  )
  fc.assert(fc.property(fc.json(), text => jsonErrorLine(text) === 0))
  fc.assert(
    fc.property(fc.json(), fc.nat(200), (text, length) => {
      return (jsonErrorLine(text.slice(0, length)) === 0) === isJson(text.slice(0, length))
    }),
  )
  t.pass('no counterexample')
})

t.test('deep and long texts are answered in time', async t => {
  t.equal(jsonErrorLine('['.repeat(500_000)), 1)
  t.equal(jsonErrorLine('['.repeat(300_000) + ']'.repeat(300_000)), 0)
  t.equal(jsonErrorLine(`"${'\\n'.repeat(400_000)}"`), 0)
  t.equal(jsonErrorLine(`${'\n'.repeat(500_000)}x`), 500_001)
})
