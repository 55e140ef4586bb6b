// Tests of the small readers of nft's JSON: one statement, one list, the sets of every table.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { asField, listOf, namedSetsOf, only } from '../../../agent/parse/nft-json.ts'

t.test('statements are words or objects with one key, and anything else is none', async t => {
  t.strictSame(only({ accept: null }), ['accept', null])
  t.strictSame(only('notrack'), ['notrack', null])
  for (const other of [{}, [], null, 7, true]) t.strictSame(only(other), ['', null], JSON.stringify(other))
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (name, body) => {
      deepEqual(only(Object.fromEntries([[name, body]])), [name, body])
      deepEqual(only(name), [name, null])
    }),
  )
})

t.test('every value is a field, a list, or neither', async () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const isObject = Object.prototype.toString.call(value) === '[object Object]'
      deepEqual(asField(value), isObject ? value : {})
      deepEqual(listOf(value), Array.isArray(value) ? value : undefined)
    }),
  )
})

const flags = fc.constantFrom(
  undefined,
  'interval',
  'constant',
  'dynamic',
  'timeout',
  ['interval'],
  ['interval', 'timeout'],
  ['dynamic'],
)
const moves = (value: unknown) => /dynamic|timeout/.test(JSON.stringify(value) ?? '')
const namedSet = fc.record({
  kind: fc.constantFrom('set', 'map'),
  family: fc.constantFrom('ip', 'inet'),
  table: fc.constantFrom('a', 'b'),
  name: fc.constantFrom('s', 't', 'u'),
  flags,
  elem: fc.option(fc.array(fc.oneof(fc.nat(), fc.string()), { maxLength: 3 }), { nil: undefined }),
})

t.test('sets belong to their table, and those that rules or time change have no elements that are known', async () => {
  fc.assert(
    fc.property(fc.array(namedSet), sets => {
      const tables = namedSetsOf(sets.map(({ kind, ...set }) => ({ [kind]: set })))
      const expected = new Map<string, Map<string, unknown>>()
      for (const { family, table, name, flags, elem } of sets) {
        const own = expected.get(`${family}\n${table}`) ?? new Map()
        expected.set(`${family}\n${table}`, own.set(name, { elements: moves(flags) ? undefined : (elem ?? []) }))
      }
      deepEqual(tables, expected)
    }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
      objects => namedSetsOf(objects).size <= objects.length,
    ),
  )
})
