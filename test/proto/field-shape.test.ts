import t from 'tap'
import * as z from 'zod'
import { keyed, ordered, sortedSet } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { objectShape, type Shape, shapeOf } from '../../proto/field-shape.ts'

t.test('shapes say kind, order, key, description and whether a value may be unknown', async t => {
  const row = z.object({ id: z.string().describe('the id'), size: z.int() })
  t.match(shapeOf(z.string().describe('a text')), { kind: 'string', optional: false, description: 'a text' })
  t.match(shapeOf(z.int().optional()), { kind: 'int', optional: true })
  t.match(shapeOf(z.boolean().optional().describe('outer')), { kind: 'bool', optional: true, description: 'outer' })
  t.match(shapeOf(z.boolean().describe('inner').optional()), { optional: true, description: 'inner' })
  t.match(shapeOf(z.enum(['a', 'b'])), { kind: 'enum', values: ['a', 'b'] })
  t.match(shapeOf(keyed(row, ['id']).describe('rows')), {
    kind: 'list',
    order: 'keyed',
    key: ['id'],
    description: 'rows',
  })
  t.match(shapeOf(keyed(row, ['id']).optional()), { order: 'keyed', key: ['id'], optional: true })
  t.match(shapeOf(sortedSet(z.string())), { kind: 'list', order: 'set', key: [], item: { kind: 'string' } })
  t.match(shapeOf(ordered(z.string())), { order: 'ordered' })
  t.same([...objectShape(row).fields.keys()], ['id', 'size'])
})

t.test('a schema of another kind is no schema of a facet', async t => {
  t.throws(() => shapeOf(z.object({ a: z.null() })), /cannot be of type null/)
  t.throws(() => shapeOf(z.array(z.date())), /cannot be of type date/)
  t.throws(() => shapeOf(z.union([z.string(), z.int()])), /cannot be of type union/)
})

t.test('every facet has a shape, and every field of it says what it is', async t => {
  const silent: string[] = []
  const visit = (shape: Shape, path: string) => {
    if (shape.description === '' && shape.kind !== 'object') silent.push(path)
    const inner = shape.kind === 'list' ? shape.item : shape
    if (inner.kind === 'object') for (const [name, field] of inner.fields) visit(field, `${path}.${name}`)
  }
  for (const facet of facets) {
    visit(objectShape(facet.facts), facet.property)
    visit(objectShape(facet.observations), `${facet.property}.observations`)
  }
  t.same(silent, [])
})

t.test('a keyed list has the fields of its key, and they are always known', async t => {
  const visit = (shape: Shape, path: string) => {
    const inner = shape.kind === 'list' ? shape.item : shape
    if (shape.kind === 'list' && shape.order === 'keyed') {
      const fields = inner.kind === 'object' ? inner.fields : new Map<string, Shape>()
      for (const name of shape.key) t.equal(fields.get(name)?.optional, false, `${path}: ${name}`)
    }
    if (inner.kind === 'object') for (const [name, field] of inner.fields) visit(field, `${path}.${name}`)
  }
  for (const facet of facets) visit(objectShape(facet.facts), facet.property)
})
