import * as fc from 'fast-check'
import t from 'tap'
import { sameValue } from '../../policy/same-value.ts'
import { canonicalJson } from '../../proto/canonical.ts'
import type { JsonValue } from '../../proto/facet.ts'

const few = fc.constantFrom<JsonValue>('', '0', 'a', 0, 1, true, false)
const value = fc.letrec<{ value: JsonValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    few,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '1', '__proto__'), tie('value'), { noNullPrototype: true }),
  ),
})).value

t.test('values are the same when their canonical texts are', async () => {
  fc.assert(
    fc.property(value, value, (a, b) => sameValue(a, b) === (canonicalJson(a) === canonicalJson(b))),
    { numRuns: 2_000 },
  )
  fc.assert(fc.property(value, a => sameValue(a, JSON.parse(JSON.stringify(a)))))
})

t.test('a field that is undefined is not there', async t => {
  const facts = (more: object) => ({ a: 1, ...more }) as unknown as JsonValue
  t.ok(sameValue(facts({ b: undefined }), facts({})))
  t.ok(sameValue(facts({}), facts({ c: undefined })))
  t.notOk(sameValue(facts({ b: undefined }), facts({ c: 0 })))
})

t.test('the order of fields makes no difference, that of items does', async t => {
  t.ok(sameValue({ a: 1, b: 2 }, { b: 2, a: 1 }))
  t.notOk(sameValue([1, 2], [2, 1]))
  t.ok(sameValue(-0, 0))
})

t.test('null is not stumbled over, and what no facts are nested like is refused', async t => {
  const nothing = null as unknown as JsonValue
  t.notOk(sameValue(nothing, {}))
  t.notOk(sameValue([], nothing))
  const deep = () => JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)
  t.throws(() => sameValue(deep(), deep()), { name: 'CanonicalError' })
})
