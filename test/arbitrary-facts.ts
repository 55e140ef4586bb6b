// Random facts of a facet, made from its schema: everything a probe may return, hostile text included.
import * as fc from 'fast-check'
import type { Facet, FacetState, JsonObject, JsonValue } from '../proto/facet.ts'
import { type ListShape, objectShape, type Shape } from '../proto/field-shape.ts'
import { rowKey, sealPresent } from '../proto/seal.ts'

/** Facts as a probe would return them: unsorted, with gaps, optional fields left out at random. */
export function arbitraryFacts(facet: Facet): fc.Arbitrary<JsonObject> {
  return ofShape(objectShape(facet.facts)) as fc.Arbitrary<JsonObject>
}

/** Observations as a probe would return them. */
export function arbitraryObservations(facet: Facet): fc.Arbitrary<JsonObject> {
  return ofShape(objectShape(facet.observations)) as fc.Arbitrary<JsonObject>
}

/** A sealed, present facet state. */
export function arbitraryState(facet: Facet): fc.Arbitrary<FacetState & { readonly state: 'present' }> {
  return fc.tuple(arbitraryFacts(facet), arbitraryObservations(facet)).map(([facts, observations]) => {
    const state = sealPresent(facet, facts, observations)
    if (state.state !== 'present') throw new Error('not sealed as present')
    return state
  })
}

/** Facet states of a host by property, as the engine takes them. @param freq one facet in so many was not read */
export function arbitraryHost(facets: readonly Facet[], freq: number): fc.Arbitrary<ReadonlyMap<string, FacetState>> {
  const states = facets.map(facet =>
    fc.option(
      arbitraryState(facet).map((state): [string, FacetState] => [facet.property, state]),
      { nil: undefined, freq },
    ),
  )
  return fc.tuple(...states).map(read => new Map(read.filter(entry => entry !== undefined)))
}

// Few words, so that rows of two random lists share keys; and any text at all, control characters and the like.
const text = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('', 'a', 'b', 'root', '/etc/passwd', '0.0.0.0', '2026-01-31', '\\', '__proto__'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)
const integer = fc.oneof(fc.integer({ min: -1, max: 4 }), fc.maxSafeInteger())

function ofShape(shape: Shape): fc.Arbitrary<JsonValue> {
  switch (shape.kind) {
    case 'string':
      return text
    case 'int':
      return integer
    case 'bool':
      return fc.boolean()
    case 'enum':
      return fc.constantFrom(...shape.values)
    case 'list':
      return ofList(shape)
    case 'object': {
      const fields = Object.fromEntries([...shape.fields].map(([name, inner]) => [name, ofShape(inner)]))
      const requiredKeys = [...shape.fields].flatMap(([name, inner]) => (inner.optional ? [] : name))
      return fc.record(fields, { requiredKeys }) as fc.Arbitrary<JsonObject>
    }
  }
}

function ofList(shape: ListShape): fc.Arbitrary<JsonValue> {
  const maxLength = 5
  const item = ofShape(shape.item)
  if (shape.order === 'ordered') return fc.array(item, { maxLength })
  return fc.uniqueArray(item, { maxLength, selector: row => rowKey(row, shape.key) })
}
