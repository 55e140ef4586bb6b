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
    ...['1', 't', 'T', 'true', 'TRUE', 'True'].map(text => ['bool', text, true] as const),
    ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map(text => ['bool', text, false] as const),
    ['bool', '', undefined],
    ['int', '+12', 12],
    ['int', '0', 0],
    ['int', '-0', 0],
    ['int', '0b101', 5],
    ['int', '0o17', 15],
    ['int', '-0x1F', -31],
    ['int', '08', undefined],
    ['int', '1x', undefined],
    ['int', 'x1', undefined],
    ['int', `0x${'0'.repeat(37)}7`, 7],
    ['int', `0x${'0'.repeat(38)}7`, undefined],
    ['int', undefined, undefined],
    ['bool', undefined, undefined],
    ['list', '"a","b""c",""', ['a', 'b"c', '']],
    ['list', 'a"b",x"', ['a"b"', 'x"']],
    ['gates', ' A = true , ,B=0', { A: true, B: false }],
    ['gates', '', {}],
    ['gates', 'A=maybe', undefined],
    ['gates', '=true', { '': true }],
    ['gates', 'true', undefined],
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
