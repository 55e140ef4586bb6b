// Tests of the values of flags as Go programs read them.
import fc from 'fast-check'
import t from 'tap'
import { type FlagKind, readFlagValue } from '../../../agent/parse/flag-value.ts'

t.test('values are read by their type, and what no program accepts is undefined', async t => {
  const rows: readonly (readonly [FlagKind, string | undefined, unknown])[] = [
    ['text', '', ''],
    ['text', undefined, undefined],
    ['bool', 'T', true],
    ['bool', 'FALSE', false],
    ['bool', 'yes', undefined],
    ['int', '0x10', 16],
    ['int', '-7', -7],
    ['int', '010', 8],
    ['int', '1.5', undefined],
    ['int', '99999999999999999999', undefined],
    ['duration', '1h30m', 5_400_000_000_000n],
    ['duration', '5', undefined],
    ['list', 'a,"b,c",d', ['a', '"b', 'c"', 'd']],
    ['list', '', []],
    ['array', 'a,b', ['a,b']],
    ['gates', 'A=true,B=false', { A: true, B: false }],
    ['gates', 'A', undefined],
  ]
  for (const [kind, text, value] of rows) t.strictSame(readFlagValue(kind, text, undefined), value, `${kind} ${text}`)
})

t.test('lists, arrays and feature gates add up, other values replace', async t => {
  t.strictSame(readFlagValue('list', 'c', ['a', 'b']), ['a', 'b', 'c'])
  t.strictSame(readFlagValue('array', 'c,d', ['a']), ['a', 'c,d'])
  t.strictSame(readFlagValue('gates', 'A=false', { A: true, B: true }), { A: false, B: true })
  t.equal(readFlagValue('text', 'new', 'old'), 'new')
})

t.test('any text is answered', async t => {
  const kinds: readonly FlagKind[] = ['text', 'bool', 'int', 'duration', 'list', 'array', 'gates']
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.string({ unit: 'binary' }), (kind, text) => {
      const value = readFlagValue(kind, text, undefined)
      t.ok(value !== null)
    }),
  )
})
