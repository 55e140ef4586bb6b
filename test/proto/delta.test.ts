import * as fc from 'fast-check'
import t from 'tap'
import { canonicalJson } from '../../proto/canonical.ts'
import { applyDelta, type Delta, keysOf, makeDelta, parseDelta } from '../../proto/delta.ts'
import type { JsonObject } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { arbitraryState } from '../arbitrary-facts.ts'

/** A delta as it arrives. */
const sent = (delta: Delta) => parseDelta(JSON.stringify(delta))

for (const facet of facets) {
  t.test(`${facet.name}: a delta leads from any facts to any other`, async t => {
    const state = arbitraryState(facet)
    fc.assert(
      fc.property(state, state, (before, after) => {
        const delta = sent(makeDelta(before.facts, after.facts, keysOf(facet)))
        return canonicalJson(applyDelta(before.facts, delta)) === canonicalJson(after.facts)
      }),
      { numRuns: 60 },
    )
    t.ok(keysOf(facet)['gaps'])
  })

  t.test(`${facet.name}: equal facts make an empty delta`, async t => {
    fc.assert(
      fc.property(arbitraryState(facet), ({ facts }) => {
        const delta = makeDelta(facts, facts, keysOf(facet))
        return canonicalJson(delta) === '{"keys":{},"lists":{},"set":{},"unset":[]}'
      }),
      { numRuns: 20 },
    )
    t.pass()
  })
}

const keys = { rows: ['name'], tags: [] }

t.test('only the rows that differ are sent', async t => {
  const before = {
    rows: [
      { name: 'a', n: 1 },
      { name: 'b', n: 1 },
      { name: 'c', n: 1 },
    ],
    tags: ['x'],
    same: 1,
  }
  const after = {
    rows: [
      { name: 'a', n: 1 },
      { name: 'b', n: 2 },
      { name: 'd', n: 1 },
    ],
    tags: ['x', 'y'],
    same: 1,
  }
  t.same(makeDelta(before, after, keys), {
    set: {},
    unset: [],
    lists: {
      rows: {
        upsert: [
          { name: 'b', n: 2 },
          { name: 'd', n: 1 },
        ],
        remove: ['["c"]'],
      },
      tags: { upsert: ['y'], remove: [] },
    },
    keys,
  })
})

t.test('a list that comes or goes is sent as a field', async t => {
  t.same(makeDelta({}, { rows: [] }, keys), { set: { rows: [] }, unset: [], lists: {}, keys: {} })
  t.same(makeDelta({ rows: [] }, {}, keys), { set: {}, unset: ['rows'], lists: {}, keys: {} })
})

t.test('fields named like those of every object are fields like others', async t => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  const facts = (value: unknown) => JSON.parse(`{${names.map(name => `"${name}":${JSON.stringify(value)}`).join(',')}}`)
  for (const [before, after] of [
    [{}, facts([1])],
    [facts([1]), facts([2])],
    [facts([1]), {}],
    [facts({ a: 1 }), facts({ a: 2 })],
  ] as [JsonObject, JsonObject][]) {
    const delta = sent(makeDelta(before, after, keys))
    t.equal(canonicalJson(applyDelta(before, delta)), canonicalJson(after))
  }
  t.equal(({} as Record<string, unknown>)['a'], undefined, 'no prototype was touched')
  const keyedLists = JSON.parse('{"__proto__":["name"],"constructor":["name"]}')
  const before = JSON.parse('{"__proto__":[{"name":"a"}],"constructor":[{"name":"a"}]}')
  const after = JSON.parse('{"__proto__":[{"name":"b"}],"constructor":[{"name":"b"}]}')
  const delta = sent(makeDelta(before, after, keyedLists))
  t.equal(canonicalJson(applyDelta(before, delta)), canonicalJson(after))
})

t.test('a delta that does not fit its base gives facts of another digest, never an exception', async t => {
  const delta = makeDelta({ rows: [{ name: 'a' }] }, { rows: [{ name: 'b' }] }, keys)
  t.same(applyDelta({}, delta), { rows: [{ name: 'b' }] })
  t.same(applyDelta({ rows: 'text' }, delta), { rows: [{ name: 'b' }] })
})

t.test('a delta of another form is refused with the part that is wrong', async t => {
  const delta = { set: {}, unset: [], lists: {}, keys: {} }
  const refused = (part: object, message: RegExp) =>
    t.throws(() => parseDelta(JSON.stringify({ ...delta, ...part })), message)
  t.same(parseDelta(JSON.stringify(delta)), delta)
  refused({ set: [] }, /set is not a record/)
  refused({ set: undefined }, /set is not a record/)
  refused({ unset: [1] }, /unset is not a list of strings/)
  refused({ lists: { rows: null } }, /lists\.rows is not a record/)
  refused({ lists: { rows: { upsert: {}, remove: [] } } }, /lists\.rows\.upsert is not a list/)
  refused({ lists: { rows: { upsert: [], remove: 'x' } } }, /lists\.rows\.remove is not a list of strings/)
  refused({ keys: { rows: 'name' } }, /keys\.rows is not a list of strings/)
  refused({ set: { a: null } }, /set\.a: null has no place/)
  t.throws(() => parseDelta('null'), /delta is not a record/)
  t.throws(() => parseDelta('{'), SyntaxError)
})
