import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import t from 'tap'
import { CanonicalError, canonicalJson, compareKeys, facetDigest, hostDigest, sha256 } from '../../proto/canonical.ts'
import type { JsonValue } from '../../proto/facet.ts'

const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean())
const json = fc.letrec<{ value: JsonValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value')),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { noNullPrototype: true }),
  ),
})).value

/** The same value with every record's fields in reverse order. */
function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  )
}

t.test('the text does not depend on the order of fields', async t => {
  fc.assert(fc.property(json, value => canonicalJson(reversed(value)) === canonicalJson(value)))
  t.equal(canonicalJson({ b: 1, a: [{ d: true, c: '' }] }), '{"a":[{"c":"","d":true}],"b":1}')
})

t.test('the text is JSON of the same value', async t => {
  fc.assert(
    fc.property(json, value => {
      const text = canonicalJson(value)
      return canonicalJson(JSON.parse(text)) === text
    }),
  )
  t.equal(canonicalJson('a\n"\u0001é\u2028'), '"a\\n\\"\\u0001é\u2028"')
})

t.test('values have the same text when they are equal, and only then', async t => {
  const few = fc.oneof(json, fc.constantFrom<JsonValue>([], {}, '', 0, '0', [[]], [''], { a: 0 }, { a: '0' }))
  fc.assert(fc.property(few, few, (a, b) => isDeepStrictEqual(a, b) === (canonicalJson(a) === canonicalJson(b))))
  t.not(canonicalJson('1'), canonicalJson(1))
})

t.test('keys are sorted by UTF-16 code units, as RFC 8785 says', async t => {
  const text = canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, ö: 7 })
  t.equal(text, '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}')
})

t.test('a value that is in order already has the same text as one that is not', async t => {
  const inOrder = (value: JsonValue): JsonValue => JSON.parse(canonicalJson(value))
  fc.assert(
    fc.property(json, value => {
      const shuffled = { z: 0, value, a: '' }
      return canonicalJson({ a: '', value: inOrder(value), z: 0 }) === canonicalJson(shuffled)
    }),
  )
  t.equal(canonicalJson({ '10': 1, '2': 2 }), '{"10":1,"2":2}')
  t.equal(canonicalJson({ a: -0, toJSON: 'x' }), '{"a":0,"toJSON":"x"}')
})

t.test('minus zero is zero', async t => {
  t.equal(canonicalJson(-0), '0')
})

t.test('a field that is undefined is left out, and a field named __proto__ is not', async t => {
  t.equal(canonicalJson({ a: undefined, b: 1 }), '{"b":1}')
  t.equal(canonicalJson(JSON.parse('{"__proto__":1}')), '{"__proto__":1}')
})

t.test('what has no canonical form is refused with its place', async t => {
  const message = (value: unknown) => {
    try {
      canonicalJson(value)
      return 'accepted'
    } catch (error) {
      return error instanceof CanonicalError ? error.message : `not a CanonicalError: ${error}`
    }
  }
  t.equal(message(null), 'value: null has no place in a facet')
  t.equal(message({ a: [{ b: null }] }), 'a[0].b: null has no place in a facet')
  t.equal(message({ a: 1.5 }), 'a: not a safe integer: 1.5')
  t.equal(message(2 ** 53), 'value: not a safe integer: 9007199254740992')
  t.equal(message([Number.NaN]), '[0]: not a safe integer: NaN')
  t.equal(message({ a: '\ud800' }), 'a: string has a lone surrogate')
  t.equal(message({ '\udc80': 1 }), 'value: key has a lone surrogate')
  t.equal(message([undefined]), '[0]: a value of type undefined has no canonical form')
  t.equal(message({ a: () => 1 }), 'a: a value of type function has no canonical form')
  t.equal(message({ a: 1n }), 'a: a value of type bigint has no canonical form')
  t.equal(message({ at: new Date(0) }), 'at: an instance of a class has no canonical form')
  t.equal(message(new Map()), 'value: an instance of a class has no canonical form')
})

t.test('deep nesting is refused instead of overflowing the stack', async t => {
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)
  t.throws(() => canonicalJson(deep), /nested deeper than 64 levels/)
  const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`)
  t.equal(canonicalJson(nested(65)).length, 130)
  t.throws(() => canonicalJson(nested(66)), /nested deeper than 64 levels/)
  t.throws(() => canonicalJson(nested(65), 'observations'), /nested deeper than 64 levels/)
})

t.test('keys are totally ordered, and tie only when they are equal', async t => {
  const key = fc.oneof(fc.constantFrom<JsonValue>(9, '9', 10, '10', 95, '95', true, 'true'), json)
  fc.assert(
    fc.property(key, key, key, (a, b, c) => {
      const signs = [compareKeys(a, b), compareKeys(b, a)].map(Math.sign)
      const antisymmetric = signs[0] === -(signs[1] ?? 0) || (signs[0] === 0 && signs[1] === 0)
      const ties = signs[0] === 0 ? canonicalJson(a) === canonicalJson(b) : true
      const transitive = compareKeys(a, b) <= 0 && compareKeys(b, c) <= 0 ? compareKeys(a, c) <= 0 : true
      return antisymmetric && ties && transitive
    }),
  )
  t.same([10, 'b', 9, 'a', '10'].sort(compareKeys), [9, 10, '10', 'a', 'b'])
})

t.test('digests have a prefix, and tell facet, version, state and body apart', async t => {
  t.equal(sha256(''), 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  const digests = [
    facetDigest('ports', 1, 'present', '{}'),
    facetDigest('ports', 2, 'present', '{}'),
    facetDigest('host', 1, 'present', '{}'),
    facetDigest('ports', 1, 'absent', '{}'),
    facetDigest('ports', 1, 'present', '{"a":1}'),
  ]
  t.equal(new Set(digests).size, digests.length)
})

t.test('the digest of a host does not depend on the order of its facets', async t => {
  const a = { facet: 'a', digest: 'sha256:1' }
  const b = { facet: 'b', digest: 'sha256:2' }
  t.equal(hostDigest([a, b]), hostDigest([b, a]))
  t.not(hostDigest([a, b]), hostDigest([a, { ...b, digest: 'sha256:3' }]))
})
