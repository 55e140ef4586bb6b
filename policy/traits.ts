// Takes facts apart into what hosts can have in common: a row of a list, a value of a field. Each is numbered once.
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

export interface Traits {
  /** numbers of all traits of the facts, ascending; each once */
  of(facts: JsonObject): Int32Array
  get(number: number): Trait
  /** how many there are */
  readonly size: number
  readonly slots: number
}

export function createTraits(facet: Facet): Traits {
  const numbers = new Map<string, number>()
  const slots = new Map<string, number>()
  const known: Trait[] = []
  const shape = objectShape(facet.facts)
  const number = (kind: Trait['kind'], place: Place, value: string): number => {
    const { field, key, parent } = place
    const name = JSON.stringify([kind, field, key, value])
    const before = numbers.get(name)
    if (before !== undefined) return before
    numbers.set(name, known.length)
    const slotName = kind === 'row' ? field : JSON.stringify([field, key])
    const slot = slots.get(slotName) ?? slots.size
    slots.set(slotName, slot)
    known.push({ kind, field, key, parent, slot, name })
    return known.length - 1
  }
  return {
    of(facts) {
      const found = new Set<number>()
      readObject(shape, facts, { facet: facet.property, field: '', key: '', parent: -1 }, (kind, place, value) => {
        const one = number(kind, place, value)
        found.add(one)
        return one
      })
      return Int32Array.from(found).sort()
    },
    get(one) {
      const trait = known[one]
      if (!trait) throw new Error(`there is no trait ${one}`)
      return trait
    },
    get size() {
      return known.length
    },
    get slots() {
      return slots.size
    },
  }
}

interface Place {
  readonly facet: string
  readonly field: string
  readonly key: string
  readonly parent: number
}

type Note = (kind: Trait['kind'], place: Place, value: string) => number
type Fields = Readonly<Record<string, JsonValue | undefined>>

const unknownShape: Shape = { kind: 'string', optional: true, description: '' }

function readObject(shape: ObjectShape, facts: Fields, place: Place, note: Note): void {
  for (const name of new Set([...shape.fields.keys(), ...Object.keys(facts)])) {
    const field = place.field === '' ? name : `${place.field}.${name}`
    const value = Object.hasOwn(facts, name) ? facts[name] : undefined
    readField(shape.fields.get(name) ?? unknownShape, value, { ...place, field }, note)
  }
}

function readField(shape: Shape, value: JsonValue | undefined, place: Place, note: Note): void {
  if (value === undefined) note('value', place, '')
  else if (shape.kind === 'list' && shape.order !== 'ordered') readList(shape, value, place, note)
  else if (shape.kind === 'object' && !isSetting(shape)) readObject(shape, fieldsOf(value), place, note)
  else note('value', place, canonicalJson(value))
}

function readList(shape: ListShape, list: JsonValue, place: Place, note: Note): void {
  const position = words[`${place.facet}.${place.field}`]?.position
  for (const row of Array.isArray(list) ? list : []) {
    if (position !== undefined) {
      note('row', { ...place, key: contentOf(row, position) }, '')
      continue
    }
    const key = place.key === '' ? rowKey(row, shape.key) : `${place.key} ${rowKey(row, shape.key)}`
    const parent = note('row', { ...place, key }, '')
    if (shape.item.kind === 'object') readObject(shape.item, fieldsOf(row), { ...place, key, parent }, note)
  }
}

/** A row that may change places, without its place. */
export const contentOf = (row: JsonValue, position: string): string =>
  canonicalJson({ ...fieldsOf(row), [position]: undefined })

const fieldsOf = (value: JsonValue): Fields =>
  typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {}
