// CEL types of the facets, with views that hand out facts in CEL's own values without copying them.
import type { Environment } from '@marcbachmann/cel-js'
import type { Facet, FacetState, JsonValue } from '../proto/facet.ts'
import { type ObjectShape, objectShape, type Shape } from '../proto/field-shape.ts'

/** A message type as CEL knows it: its name is the dotted path of its place, such as `kubelet.kubelets.settings`. */
export interface CelType {
  readonly name: string
  readonly facet: string
  readonly shape: ObjectShape
}

/** Where in the facets a field stands. */
export interface FieldPlace {
  /** property of the facet */
  readonly facet: string
  /** dotted path inside its facts */
  readonly field: string
}

export interface FacetTypes {
  /** every message type by name */
  readonly types: ReadonlyMap<string, CelType>
  /** the value of a facet's variable; without observations it has none, whatever it is made into */
  view(state: Viewed, property: string): unknown
}

type Present = FacetState & { readonly state: 'present' }
export type Viewed = Pick<Present, 'facts'> & Partial<Pick<Present, 'observations'>>

/** Leads from a value of CEL to the plain facts or parameters behind it. */
export const raw: unique symbol = Symbol('raw')
const wrapped = Symbol('wrapped')

interface View {
  [raw]: Readonly<Record<string, JsonValue | undefined>>
  [wrapped]: Map<string, unknown> | undefined
}
type ViewClass = new (value: unknown) => View

/**
 * Registers a variable per facet: its facts, and its observations below `observations`. A field whose value is
 * unknown is missing from the view, and reading it is an evaluation error.
 */
export function registerFacets(environment: Environment, facets: readonly Facet[]): FacetTypes {
  const types = new Map<string, CelType>()
  const views = new Map<string, ViewClass>()
  for (const facet of facets) {
    const facts = objectShape(facet.facts)
    const fields = new Map(facts.fields)
    fields.set('observations', objectShape(facet.observations))
    const shape: ObjectShape = { ...facts, fields }
    views.set(facet.property, registerObject(environment, types, facet.property, facet.property, shape))
    environment.registerVariable(facet.property, facet.property, { description: facet.title })
  }
  return {
    types,
    view({ facts, observations }, property) {
      const ViewOf = views.get(property)
      return ViewOf && new ViewOf(observations ? { ...facts, observations } : facts)
    },
  }
}

/** The plain facts behind the value of a facet's variable, undefined for another value. */
export function rawOf(value: unknown): unknown {
  return (value as { readonly [raw]?: unknown } | undefined)?.[raw]
}

type Convert = (value: JsonValue) => unknown

function registerObject(
  environment: Environment,
  types: Map<string, CelType>,
  facet: string,
  name: string,
  shape: ObjectShape,
): ViewClass {
  const ctor = viewClass()
  const fields: Record<string, string> = {}
  for (const [field, inner] of shape.fields) {
    const { type, convert, cache } = registerField(environment, types, facet, `${name}.${field}`, inner)
    fields[field] = type
    defineField(ctor, field, convert, cache)
  }
  environment.registerType(name, { ctor, fields })
  types.set(name, { name, facet, shape })
  return ctor
}

interface Field {
  readonly type: string
  readonly convert: Convert
  /** whether a converted value is kept: lists and objects, not scalars */
  readonly cache: boolean
}

function registerField(
  environment: Environment,
  types: Map<string, CelType>,
  facet: string,
  name: string,
  shape: Shape,
): Field {
  switch (shape.kind) {
    case 'string':
    case 'enum':
      return { type: 'string', convert: value => value, cache: false }
    case 'bool':
      return { type: 'bool', convert: value => value, cache: false }
    case 'int':
      return { type: 'int', convert: toInt, cache: false }
    case 'object': {
      const ViewOf = registerObject(environment, types, facet, name, shape)
      return { type: name, convert: value => (isRecord(value) ? new ViewOf(value) : value), cache: true }
    }
    case 'list': {
      const item = registerField(environment, types, facet, name, shape.item)
      const same = shape.item.kind === 'string' || shape.item.kind === 'enum' || shape.item.kind === 'bool'
      const convert: Convert = value => (Array.isArray(value) && !same ? value.map(item.convert) : value)
      return { type: `list<${item.type}>`, convert, cache: true }
    }
  }
}

/** A class of its own per type: cel-js tells a value's type by its constructor. */
function viewClass(): ViewClass {
  return class {
    [raw]: View[typeof raw];
    [wrapped]: View[typeof wrapped] = undefined
    constructor(value: unknown) {
      this[raw] = value as View[typeof raw]
    }
  }
}

function defineField(ctor: ViewClass, field: string, convert: Convert, cache: boolean): void {
  Object.defineProperty(ctor.prototype, field, {
    get(this: View) {
      const value = Object.hasOwn(this[raw], field) ? this[raw][field] : undefined
      if (value === undefined) return undefined
      if (!cache) return convert(value)
      this[wrapped] ??= new Map()
      const known = this[wrapped].get(field)
      if (known !== undefined) return known
      const made = convert(value)
      this[wrapped].set(field, made)
      return made
    },
  })
}

/** CEL's int. What is not an integer is handed on as it is, and fails the type check at run time. */
function toInt(value: JsonValue): unknown {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
}

function isRecord(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
