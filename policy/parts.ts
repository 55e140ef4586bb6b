// Takes facts apart into what hosts can have in common: parts that are read once, and the traits of each part.
import { canonicalJson } from '../proto/canonical.ts'
import type { Facet, JsonObject, JsonValue } from '../proto/facet.ts'
import { type ListShape, type ObjectShape, objectShape, type Shape } from '../proto/field-shape.ts'
import { rowKey } from '../proto/seal.ts'
import { isSetting } from './diff.ts'
import { words } from './words.ts'

export interface Trait {
  /** row: a list has it; value: a field has it */
  readonly kind: 'row' | 'value'
  /** dotted path inside the facts */
  readonly field: string
  /** as in `FactChange`, empty outside of lists; the whole row without its place where rows may change places */
  readonly key: string
  /** number of the row that it is part of, -1 when it is part of none */
  readonly parent: number
  /** of a value: the same number for all values of its field in its row; of a row: for all rows of its field */
  readonly slot: number
  /** the same for the same trait, whenever it is read */
  readonly name: string
}

/** A row of a list with all that is in it, or a value outside of lists: facts are a set of parts. */
export interface Parts {
  /** numbers of the parts of facts, each once */
  of(facts: JsonObject): Int32Array
  /** the trait that a part is known by: the row, or the value */
  headOf(part: number): number
  /** all its traits with that one; a part that is never asked for them takes little memory */
  traitsOf(part: number): readonly number[]
  trait(number: number): Trait
  /** how many parts, traits and slots there are by now */
  sizes(): { readonly parts: number; readonly traits: number; readonly slots: number }
}

interface Part {
  readonly head: number
  traits: readonly number[] | undefined
  /** what they are read from; undefined when the head is all */
  readonly row: { readonly text: string; readonly shape: ListShape; readonly place: Place } | undefined
}

export function createParts(facet: Facet): Parts {
  const shape = objectShape(facet.facts)
  const traits = createTraits()
  const numbers = new Map<string, number>()
  const parts: Part[] = []
  const top: Place = { facet: facet.property, field: '', key: '', parent: -1 }
  const partAt = (number: number): Part => {
    const part = parts[number]
    if (!part) throw new Error(`there is no part ${number}`)
    return part
  }
  function add(name: string, make: () => Part): number {
    const known = numbers.get(name)
    if (known !== undefined) return known
    const made = make()
    numbers.set(name, parts.length)
    parts.push(made)
    return parts.length - 1
  }
  return {
    of(facts) {
      const found = new Set<number>()
      readObject(shape, facts, top, {
        value(place, text) {
          const head = () => traits.number('value', place, text)
          found.add(add(`${place.field}=${text}`, () => ({ head: head(), traits: undefined, row: undefined })))
        },
        row(place, row, shape) {
          const text = JSON.stringify(row)
          const make = (): Part => ({
            head: headOf(row, shape, place, traits),
            traits: undefined,
            row: { text, shape, place },
          })
          found.add(add(`${place.field} ${text}`, make))
        },
      })
      return Int32Array.from(found)
    },
    headOf: number => partAt(number).head,
    traitsOf(number) {
      const part = partAt(number)
      part.traits ??= readPart(part, traits)
      return part.traits
    },
    trait: traits.get,
    sizes: () => ({ parts: parts.length, traits: traits.size(), slots: traits.slots() }),
  }
}

interface Place {
  readonly facet: string
  readonly field: string
  readonly key: string
  readonly parent: number
}

type Fields = Readonly<Record<string, JsonValue | undefined>>
type Traits = ReturnType<typeof createTraits>

function createTraits() {
  const numbers = new Map<string, number>()
  const slots = new Map<string, number>()
  const known: Trait[] = []
  return {
    number(kind: Trait['kind'], { field, key, parent }: Place, value: string): number {
      const name = JSON.stringify([kind, field, key, value])
      const before = numbers.get(name)
      if (before !== undefined) return before
      const slotName = kind === 'row' ? field : JSON.stringify([field, key])
      const slot = slots.get(slotName) ?? slots.size
      slots.set(slotName, slot)
      numbers.set(name, known.length)
      known.push({ kind, field, key, parent, slot, name })
      return known.length - 1
    },
    get(number: number): Trait {
      const trait = known[number]
      if (!trait) throw new Error(`there is no trait ${number}`)
      return trait
    },
    size: () => known.length,
    slots: () => slots.size,
  }
}

interface Found {
  value(place: Place, text: string): void
  row(place: Place, row: JsonValue, shape: ListShape): void
}

const unknownShape: Shape = { kind: 'string', optional: true, description: '' }

function readObject(shape: ObjectShape, facts: Fields, place: Place, found: Found): void {
  for (const name of new Set([...shape.fields.keys(), ...Object.keys(facts)])) {
    const field = place.field === '' ? name : `${place.field}.${name}`
    const value = Object.hasOwn(facts, name) ? facts[name] : undefined
    readField(shape.fields.get(name) ?? unknownShape, value, { ...place, field }, found)
  }
}

function readField(shape: Shape, value: JsonValue | undefined, place: Place, found: Found): void {
  if (value === undefined) found.value(place, '')
  else if (shape.kind === 'list' && shape.order !== 'ordered') {
    for (const row of Array.isArray(value) ? value : []) found.row(place, row, shape)
  } else if (shape.kind === 'object' && !isSetting(shape)) readObject(shape, fieldsOf(value), place, found)
  else found.value(place, canonicalJson(value))
}

const positionOf = (place: Place) => words[`${place.facet}.${place.field}`]?.position

function headOf(row: JsonValue, shape: ListShape, place: Place, traits: Traits): number {
  const position = positionOf(place)
  if (position !== undefined) return traits.number('row', { ...place, key: contentOf(row, position) }, '')
  return traits.number('row', { ...place, key: keyIn(row, shape, place) }, '')
}

const keyIn = (row: JsonValue, shape: ListShape, { key }: Place): string =>
  key === '' ? rowKey(row, shape.key) : `${key} ${rowKey(row, shape.key)}`

function readPart({ head, row }: Part, traits: Traits): readonly number[] {
  if (!row) return [head]
  const all = new Set<number>()
  readRow(JSON.parse(row.text) as JsonValue, row.shape, row.place, traits, all)
  return [...all]
}

function readRow(row: JsonValue, shape: ListShape, place: Place, traits: Traits, all: Set<number>): void {
  const parent = headOf(row, shape, place, traits)
  all.add(parent)
  if (shape.item.kind !== 'object' || positionOf(place) !== undefined) return
  const key = keyIn(row, shape, place)
  readObject(
    shape.item,
    fieldsOf(row),
    { ...place, key, parent },
    {
      value: (inner, text) => all.add(traits.number('value', inner, text)),
      row: (inner, one, innerShape) => readRow(one, innerShape, inner, traits, all),
    },
  )
}

/** A row that may change places, without its place. */
export const contentOf = (row: JsonValue, position: string): string =>
  canonicalJson({ ...fieldsOf(row), [position]: undefined })

const fieldsOf = (value: JsonValue): Fields =>
  typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {}
