// Keyed deltas of a facet's facts: per list the rows that came, changed or went; other fields as a whole.
import { canonicalJson, compareKeys } from './canonical.ts'
import type { Facet, JsonObject, JsonValue } from './facet.ts'
import { listKeys, rowKey } from './seal.ts'

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

/** What turns `before` into `after`. */
export function makeDelta(before: JsonObject, after: JsonObject, keys: ListKeys): Delta {
  const set: Record<string, JsonValue> = {}
  const lists: Record<string, ListDelta> = {}
  const used: Record<string, readonly string[]> = {}
  for (const [field, value] of Object.entries(after)) {
    const old = before[field]
    const key = keys[field]
    if (key && Array.isArray(old) && Array.isArray(value)) {
      const delta = listDelta(old, value, key)
      if (delta.upsert.length === 0 && delta.remove.length === 0) continue
      lists[field] = delta
      used[field] = key
    } else if (old === undefined || canonicalJson(old) !== canonicalJson(value)) {
      set[field] = value
    }
  }
  const unset = Object.keys(before).filter(field => after[field] === undefined)
  return { set, unset, lists, keys: used }
}

/** Applies a delta; the result's digest proves whether it fits. */
export function applyDelta(before: JsonObject, delta: Delta): JsonObject {
  const after: Record<string, JsonValue> = { ...before, ...delta.set }
  for (const field of delta.unset) delete after[field]
  for (const [field, change] of Object.entries(delta.lists)) {
    const key = delta.keys[field] ?? []
    const rows = new Map<string, JsonValue>()
    const old = before[field]
    if (Array.isArray(old)) for (const row of old) rows.set(rowKey(row, key), row)
    for (const removed of change.remove) rows.delete(removed)
    for (const row of change.upsert) rows.set(rowKey(row, key), row)
    after[field] = [...rows.values()].sort((a, b) => compareRowKeys(a, b, key))
  }
  return after
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

function compareRowKeys(a: JsonValue, b: JsonValue, key: readonly string[]): number {
  if (key.length === 0) return compareKeys(a, b)
  for (const field of key) {
    const order = compareKeys((a as JsonObject)[field] ?? '', (b as JsonObject)[field] ?? '')
    if (order !== 0) return order
  }
  return 0
}
