// What hosts can have in common: rows with what is in them, values, places that do not count.
import * as fc from 'fast-check'
import t from 'tap'
import * as z from 'zod'
import { diffFacts } from '../../policy/diff.ts'
import { outlierWords } from '../../policy/outliers.ts'
import { createParts, type Parts } from '../../policy/parts.ts'
import { defineFacet, type JsonObject, keyed } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { SmallFacet } from '../small-facet.ts'

const small = (rows: Readonly<Record<string, number>>, note = ''): JsonObject => ({
  ...{ rows: Object.entries(rows).map(([name, value]) => ({ name, value })), note, gaps: [] },
})

const Nested = defineFacet({
  ...{ name: 'nested', version: 1, title: 'Rows in rows' },
  facts: {
    units: keyed(
      z.object({
        name: z.string(),
        state: z.string(),
        limits: keyed(z.object({ name: z.string(), value: z.int().optional() }), ['name']),
      }),
      ['name'],
    ),
    order: z.array(z.string()),
    inner: z.object({ mode: z.string() }),
  },
  observations: {},
})

const traitsOf = (parts: Parts, facts: JsonObject) =>
  [...new Set([...parts.of(facts)].flatMap(part => parts.traitsOf(part)))].map(parts.trait)

t.test('a row is a part with all that is in it, and its traits know whose they are', async t => {
  const parts = createParts(Nested)
  const limits = [{ name: 'files', value: 9 }, { name: 'tasks' }]
  const facts = { units: [{ name: 'a', state: 'up', limits }], order: ['x', 'y'], inner: { mode: '0644' }, gaps: [] }
  t.equal(parts.of(facts).length, 3)
  const traits = traitsOf(parts, facts)
  const unit = traits.find(({ field }) => field === 'units')
  t.match(unit, { kind: 'row', key: '["a"]', parent: -1 })
  const limit = traits.filter(({ field }) => field === 'units.limits')
  t.same(
    limit.map(({ key }) => key),
    ['["a"] ["files"]', '["a"] ["tasks"]'],
  )
  t.same(new Set(limit.map(({ parent }) => parts.trait(parent).field)), new Set(['units']))
  const values = traits.filter(({ field, key }) => field === 'units.limits.value' && key.includes('tasks'))
  t.match(values, [{ kind: 'value', name: /""\]$/ }], 'what is not known is a value of its own')
  t.ok(traits.some(({ field }) => field === 'inner.mode') && traits.some(({ field }) => field === 'order'))
})

t.test('what is read again has the same numbers, and facts that differ have other parts', async t => {
  const parts = createParts(SmallFacet)
  const first = parts.of(small({ a: 1, b: 2 }))
  t.same(parts.of(small({ a: 1, b: 2 })), first)
  const { parts: before } = parts.sizes()
  t.notSame(parts.of(small({ a: 1, b: 3 })), first)
  t.equal(parts.sizes().parts, before + 1)
  t.equal(parts.headOf(first[0] ?? -1), parts.traitsOf(first[0] ?? -1)[0])
  t.throws(() => parts.traitsOf(999), /no part 999/)
  t.throws(() => parts.trait(999), /no trait 999/)
})

t.test('rows that may change places are the same wherever they are', async t => {
  const facet = facets.find(({ name }) => name === 'host')
  if (!facet) return t.fail('no facet host')
  const parts = createParts(facet)
  const row = (position: number, name: string) => ({ position, name, value: '1' })
  const heads = (rows: readonly JsonObject[]) =>
    new Set([...parts.of({ bootParameters: [...rows] })].map(part => parts.trait(parts.headOf(part)).name))
  t.same(heads([row(0, 'a'), row(1, 'b')]), heads([row(0, 'b'), row(1, 'a')]))
})

t.test('facts have the same traits if and only if nothing differs between them', async t => {
  const rows = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', '"'), fc.integer({ min: 0, max: 2 }))
  const given = fc.record({ rows, note: fc.constantFrom('', 'x', '\u001b') })
  const parts = createParts(SmallFacet)
  const names = (facts: JsonObject) =>
    traitsOf(parts, facts)
      .map(({ name }) => name)
      .sort()
      .join()
  fc.assert(
    fc.property(given, given, (a, b) => {
      const [one, other] = [small(a.rows, a.note), small(b.rows, b.note)]
      return (diffFacts(SmallFacet, one, other).length === 0) === (names(one) === names(other))
    }),
  )
  t.pass('for any facts')
})

t.test('each trait that only one side has is told in words', async t => {
  const rows = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 2 }))
  const parts = createParts(SmallFacet)
  fc.assert(
    fc.property(rows, rows, (a, b) => {
      const [before, after] = [small(a), small(b)]
      const known = new Set(traitsOf(parts, before).map(({ name }) => name))
      const fresh = traitsOf(parts, after).filter(({ name, kind, parent }) => {
        return !known.has(name) && (kind === 'row' || parent < 0 || known.has(parts.trait(parent).name))
      })
      return fresh.every(trait => outlierWords(SmallFacet, { trait, has: true }, before, after)?.text !== undefined)
    }),
  )
  t.pass('for any facts')
})
