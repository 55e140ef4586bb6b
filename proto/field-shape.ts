// The shape of a facet's fields as plain data, read once from its zod schema: for types, diffs, documentation and tests.
import type * as z from 'zod'

interface Common {
  /** left out of the facts when the value is unknown */
  readonly optional: boolean
  readonly description: string
}

export interface ScalarShape extends Common {
  readonly kind: 'string' | 'int' | 'bool'
}

export interface EnumShape extends Common {
  readonly kind: 'enum'
  readonly values: readonly string[]
}

export interface ObjectShape extends Common {
  readonly kind: 'object'
  readonly fields: ReadonlyMap<string, Shape>
}

export interface ListShape extends Common {
  readonly kind: 'list'
  readonly item: Shape
  /** keyed: rows with a natural key; set: sorted, each item its own key; ordered: the host's own order */
  readonly order: 'keyed' | 'set' | 'ordered'
  /** natural key of a keyed list, else empty */
  readonly key: readonly string[]
}

export type Shape = ScalarShape | EnumShape | ObjectShape | ListShape

const shapes = new WeakMap<z.ZodType, Shape>()

/** Shape of a schema. @throws Error for a kind of schema that the law of facets does not know */
export function shapeOf(schema: z.ZodType): Shape {
  const known = shapes.get(schema)
  if (known) return known
  const shape = readShape(schema)
  shapes.set(schema, shape)
  return shape
}

/** Shape of an object schema. */
export function objectShape(schema: z.ZodObject): ObjectShape {
  const shape = shapeOf(schema)
  if (shape.kind !== 'object') throw new Error('not an object schema')
  return shape
}

interface SchemaDef {
  readonly type: string
  readonly innerType?: z.ZodType
  readonly element?: z.ZodType
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly entries?: Readonly<Record<string, string>>
}

interface Meta {
  readonly key?: readonly string[]
  readonly set?: boolean
  readonly description?: string
}

function readShape(schema: z.ZodType): Shape {
  const def = schema.def as unknown as SchemaDef
  const meta = (schema.meta() ?? {}) as Meta
  const common = { optional: false, description: meta.description ?? '' }
  switch (def.type) {
    case 'string':
      return { kind: 'string', ...common }
    case 'number':
    case 'int':
      return { kind: 'int', ...common }
    case 'boolean':
      return { kind: 'bool', ...common }
    case 'enum':
      return { kind: 'enum', values: Object.values(def.entries ?? {}), ...common }
    case 'object':
      return { kind: 'object', fields: fieldsOf(def.shape ?? {}), ...common }
    case 'array':
      return { kind: 'list', item: shapeOf(required(def.element)), ...orderOf(meta), ...common }
    case 'optional': {
      const inner = shapeOf(required(def.innerType))
      return { ...inner, optional: true, description: meta.description ?? inner.description }
    }
    default:
      throw new Error(`a facet schema cannot be of type ${def.type}`)
  }
}

function fieldsOf(shape: Readonly<Record<string, z.ZodType>>): ReadonlyMap<string, Shape> {
  return new Map(Object.entries(shape).map(([field, inner]) => [field, shapeOf(inner)]))
}

function orderOf(meta: Meta): Pick<ListShape, 'order' | 'key'> {
  if (meta.key) return { order: 'keyed', key: meta.key }
  return { order: meta.set ? 'set' : 'ordered', key: [] }
}

function required(schema: z.ZodType | undefined): z.ZodType {
  if (!schema) throw new Error('schema lacks its inner type')
  return schema
}
