// Holds the fast evaluation of the whole catalog against CEL's own: the same results for any facts, whatever their types.
import * as fc from 'fast-check'
import t from 'tap'
import { catalog } from '../../policy/catalog.generated.ts'
import { createEngine } from '../../policy/engine.ts'
import type { FacetState, JsonObject, JsonValue } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { arbitraryHost } from '../arbitrary-facts.ts'

const now = new Date('2026-06-15T12:00:00Z')
const fast = createEngine(catalog, facets, { verified: true })
const slow = createEngine(catalog, facets, { verified: true, interpreted: true })

const host = arbitraryHost(facets, 12)

t.test('the whole catalog judges any facts alike, remediation, fixes and times included', async t => {
  fc.assert(
    fc.property(host, states => {
      const evaluation = { facets: states, now, fixes: true }
      t.same(fast.evaluate(evaluation), slow.evaluate(evaluation))
    }),
    { numRuns: 60 },
  )
})

/** Facts that are not what their schema says: rows of other types, missing and null fields, numbers that are none. */
const odd = fc.oneof(
  ...[null, '', 'x', true, 1.5, -1, 2 ** 60, [], [1, 'a', null], {}, { name: 5 }].map(value => fc.constant(value)),
)

function damaged(value: JsonValue, damage: (at: number) => unknown, count: { at: number }): JsonValue {
  const replaced = damage(count.at++)
  if (replaced !== undefined) return replaced as JsonValue
  if (Array.isArray(value)) return value.map(item => damaged(item, damage, count))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, damaged(inner ?? '', damage, count)]))
}

t.test('so it does with facts of other types than their schema has', async t => {
  fc.assert(
    fc.property(host, fc.array(fc.tuple(fc.nat(120), odd), { minLength: 1, maxLength: 6 }), (states, changes) => {
      const broken = new Map(
        [...states].map(([property, state]): [string, FacetState] => {
          if (state.state !== 'present') return [property, state]
          const count = { at: -1 }
          const damage = (at: number) => (at < 1 ? undefined : changes.find(([place]) => place === at)?.[1])
          return [property, { ...state, facts: damaged(state.facts, damage, count) as JsonObject }]
        }),
      )
      t.same(fast.evaluate({ facets: broken, now }), slow.evaluate({ facets: broken, now }))
    }),
    { numRuns: 60 },
  )
})
