// Tests of the JSON merge patch, also against an independent one.
import fc from 'fast-check'
import t from 'tap'
import { decides, mergePatch, valueAt } from '../../../agent/kubelet/merge-patch.ts'
import type { ConfigObject, ConfigValue } from '../../../agent/parse/kubernetes-document.ts'

t.test('the examples of RFC 7396 appendix A', async t => {
  const examples: readonly (readonly [ConfigValue, ConfigValue, ConfigValue])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ]
  for (const [target, patch, result] of examples) {
    t.strictSame(mergePatch(target, patch), result, `${JSON.stringify(target)} + ${JSON.stringify(patch)}`)
  }
})

/** Path by path: an independent way to say what a merge patch means, for objects without null in the target. */
function byPaths(target: ConfigValue, patch: ConfigValue): ConfigValue {
  const isMap = (value: unknown): value is ConfigObject => Object.prototype.toString.call(value) === '[object Object]'
  if (!isMap(patch)) return patch
  const old = isMap(target) ? target : {}
  const keys = new Set(Object.keys(old).concat(Object.keys(patch)))
  const result: Record<string, ConfigValue> = {}
  for (const key of keys) {
    const patched = patch[key]
    if (!(key in patch)) result[key] = old[key] ?? null
    else if (patched !== null && patched !== undefined) result[key] = byPaths(old[key] ?? null, patched)
  }
  return result
}

const key = fc.constantFrom('a', 'b', 'c', 'd')
const json = (leaf: fc.Arbitrary<ConfigValue>) =>
  fc.letrec<{ value: ConfigValue }>(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  })).value

t.test('it equals an independent merge on random documents', async t => {
  const plain = json(fc.constantFrom<ConfigValue>(true, 0, 'x'))
  const withNull = json(fc.constantFrom<ConfigValue>(true, 0, 'x', null))
  fc.assert(
    fc.property(plain, withNull, (target, patch) => {
      const before = JSON.stringify(target)
      t.strictSame(mergePatch(target, patch), byPaths(target, patch))
      return JSON.stringify(target) === before
    }),
    { numRuns: 300 },
  )
})

t.test('a path is decided by a value, by null, and by anything above that is no object', async t => {
  const path = ['a', 'b']
  for (const patch of [{ a: { b: 1 } }, { a: { b: null } }, { a: null }, { a: 1 }, { a: [] }] as ConfigObject[]) {
    t.equal(decides(patch, path), true, JSON.stringify(patch))
  }
  for (const patch of [{}, { a: {} }, { a: { c: 1 } }, { b: 1 }] as ConfigObject[]) {
    t.equal(decides(patch, path), false, JSON.stringify(patch))
  }
})

t.test('a prototype is neither read nor changed', async t => {
  t.equal(valueAt({}, ['toString']), undefined)
  t.equal(valueAt({ a: {} }, ['a', 'constructor', 'name']), undefined)
  const merged = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'))
  t.strictSame(Object.keys(merged as object), ['__proto__'])
  t.equal(({} as Record<string, unknown>)['polluted'], undefined)
})
