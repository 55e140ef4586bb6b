// Keyed deltas of a facet's facts: per list the rows that came, changed or went; other fields as a whole.
import { canonicalJson } from './canonical.ts'
import type { Facet, JsonObject, JsonValue } from './facet.ts'
import { compareRows, listKeys, rowKey } from './seal.ts'

/** Keys as stored beside a facet so that a collector can apply deltas of facets it has no schema for. */
export type ListKeys = Readonly<Record<string, readonly string[]>>

export interface Delta {
  /** whole values of fields that are new or changed and not keyed lists */
  readonly set: Readonly<Record<string, JsonValue>>
  /** fields that went */
  readonly unset: readonly string[]
  /** rows of keyed lists */
  readonly lists: Readonly<Record<string, ListDelta>>
  /** natural keys of the lists named in `lists` */
  readonly keys: ListKeys
}

export interface ListDelta {
  readonly upsert: readonly JsonValue[]
  /** canonical key texts of rows that went */
  readonly remove: readonly string[]
}

/** Natural keys of a facet's lists as a plain record. */
export function keysOf(facet: Facet): ListKeys {
  return Object.fromEntries(listKeys(facet))
}

/** What turns `before` into `after`, both sealed facts. */
export function makeDelta(before: JsonObject, after: JsonObject, keys: ListKeys): Delta {
  const set = new Map<string, JsonValue>()
  const lists = new Map<string, ListDelta>()
  for (const [field, value] of Object.entries(after)) {
    const old = own(before, field)
    const key = own(keys, field)
    if (value === undefined) continue
    if (key && Array.isArray(old) && Array.isArray(value)) {
      const delta = listDelta(old, value, key)
      if (delta.upsert.length > 0 || delta.remove.length > 0) lists.set(field, delta)
    } else if (old === undefined || canonicalJson(old) !== canonicalJson(value)) {
      set.set(field, value)
    }
  }
  return {
    set: Object.fromEntries(set),
    unset: Object.keys(before).filter(field => own(after, field) === undefined),
    lists: Object.fromEntries(lists),
    keys: Object.fromEntries([...lists.keys()].map(field => [field, own(keys, field) ?? []])),
  }
}

/** Applies a delta; the result's digest proves whether it fits. @throws CanonicalError for rows that have no key text */
export function applyDelta(before: JsonObject, delta: Delta): JsonObject {
  const after = new Map<string, JsonValue>([...Object.entries(before), ...Object.entries(delta.set)])
  for (const field of delta.unset) after.delete(field)
  for (const [field, change] of Object.entries(delta.lists)) {
    const key = own(delta.keys, field) ?? []
    const old = own(before, field)
    const rows = new Map((Array.isArray(old) ? old : []).map(row => [rowKey(row, key), row]))
    for (const removed of change.remove) rows.delete(removed)
    for (const row of change.upsert) rows.set(rowKey(row, key), row)
    after.set(
      field,
      [...rows.values()].sort((a, b) => compareRows(a, b, key)),
    )
  }
  return Object.fromEntries(after)
}

/** Reads a delta from the wire. @throws Error that says which part is not of a delta's form */
export function parseDelta(text: string): Delta {
  const delta = record(JSON.parse(text), 'delta')
  const part = (name: string) => record(own(delta, name), name)
  for (const [field, list] of Object.entries(part('lists'))) {
    const change = record(list, `lists.${field}`)
    if (!Array.isArray(own(change, 'upsert'))) throw new Error(`delta: lists.${field}.upsert is not a list`)
    strings(own(change, 'remove'), `lists.${field}.remove`)
  }
  for (const [field, key] of Object.entries(part('keys'))) strings(key, `keys.${field}`)
  strings(own(delta, 'unset'), 'unset')
  part('set')
  canonicalJson(delta)
  return delta as unknown as Delta
}

/** A field of the record itself: names come from the wire and may be those of Object.prototype. */
function own<T>(fields: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

function record(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Error(`delta: ${name} is not a record`)
}

function strings(value: unknown, name: string): void {
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return
  throw new Error(`delta: ${name} is not a list of strings`)
}

function listDelta(before: readonly JsonValue[], after: readonly JsonValue[], key: readonly string[]): ListDelta {
  const old = new Map(before.map(row => [rowKey(row, key), canonicalJson(row)]))
  const upsert: JsonValue[] = []
  for (const row of after) {
    const id = rowKey(row, key)
    if (old.get(id) !== canonicalJson(row)) upsert.push(row)
    old.delete(id)
  }
  return { upsert, remove: [...old.keys()] }
}
