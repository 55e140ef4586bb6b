// Turns what a probe returned into a FacetState: bytes escaped, lists sorted by key, validated and digested.
import type * as z from 'zod'
import { canonicalJson, compareKeys, facetDigest } from './canonical.ts'
import { type AbsenceCode, type Facet, type FacetState, facetLimits, type JsonObject, type JsonValue } from './facet.ts'

/**
 * Writes a host string so that every byte sequence has one text form: a backslash is doubled, and a byte that was not
 * UTF-8 (carried as a lone surrogate U+DC80…U+DCFF by the Host's decoder) becomes `\xNN`.
 */
export function escapeHostText(text: string): string {
  if (!text.includes('\\') && text.isWellFormed()) return text
  let escaped = ''
  for (const char of text) {
    const code = char.charCodeAt(0)
    if (char === '\\') escaped += '\\\\'
    else if (char.length === 1 && code >= 0xdc80 && code <= 0xdcff) escaped += `\\x${(code - 0xdc00).toString(16)}`
    else if (char.length === 1 && code >= 0xd800 && code <= 0xdfff) escaped += '\ufffd'
    else escaped += char
  }
  return escaped
}

/** Each schema is used for a few bodies at a time: code made for it would cost more than it saves. */
const parsing = { jitless: true } as const

/** Seals present facts; more than a facet may hold is a failed one. @throws ZodError naming the field when the probe broke its own schema */
export function sealPresent(facet: Facet, facts: unknown, observations: unknown): FacetState {
  const body = normalize(facet.facts, facet.facts.parse(escapeAll(facts), parsing)) as JsonObject
  const latest = normalize(facet.observations, facet.observations.parse(escapeAll(observations), parsing)) as JsonObject
  const observed = canonicalJson(latest, 'observations')
  const text = canonicalJson(body)
  for (const [part, written, limit] of [
    ['facts', text, facetLimits.factsBytes],
    ['observations', observed, facetLimits.observationsBytes],
  ] as const) {
    if (isLonger(written, limit)) {
      return sealFailed(facet, 'error', 'tooLarge', `the ${part} of ${facet.name} are over the limit of ${limit} bytes`)
    }
  }
  return {
    facet: facet.name,
    schemaVersion: facet.version,
    state: 'present',
    digest: facetDigest(facet.name, facet.version, 'present', text),
    facts: body,
    observations: latest,
  }
}

/** A character of UTF-16 has three bytes of UTF-8 at most. */
const isLonger = (text: string, bytes: number) =>
  text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes

/** Seals a facet that has no facts. */
export function sealAbsent(facet: Facet, code: AbsenceCode, detail: string): FacetState {
  const reason = { code, detail: escapeHostText(detail) }
  const digest = facetDigest(facet.name, facet.version, 'absent', canonicalJson(reason))
  return { facet: facet.name, schemaVersion: facet.version, state: 'absent', digest, reason }
}

/** Seals a facet that could not be read, or whose probe failed. */
export function sealFailed(facet: Facet, state: 'unreadable' | 'error', code: string, detail: string): FacetState {
  const reason = { code, detail: escapeHostText(detail) }
  const digest = facetDigest(facet.name, facet.version, state, canonicalJson(reason))
  return { facet: facet.name, schemaVersion: facet.version, state, digest, reason }
}

/** The canonical text that a facet's digest is made of: its facts, or the reason why it has none. */
export function canonicalBody(state: FacetState): string {
  return canonicalJson(state.state === 'present' ? state.facts : state.reason)
}

/** Natural key of the rows of each top-level list of a facet's facts; an empty key means the item is its own key. */
export function listKeys(facet: Facet): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>()
  for (const [field, schema] of Object.entries(facet.facts.shape)) {
    const meta = metaOf(schema as z.ZodType)
    if (meta.key) keys.set(field, meta.key)
    else if (meta.set) keys.set(field, [])
  }
  return keys
}

/** The key of one row as canonical text, unique within its list. A field that is not there counts as empty text. */
export function rowKey(row: JsonValue, key: readonly string[]): string {
  return key.length === 0 ? canonicalJson(row) : canonicalJson(key.map(field => keyField(row, field)))
}

/** The order of rows in a list with that key; rows tie only when their keys are equal. */
export function compareRows(a: JsonValue, b: JsonValue, key: readonly string[]): number {
  if (key.length === 0) return compareKeys(a, b)
  for (const field of key) {
    const order = compareKeys(keyField(a, field), keyField(b, field))
    if (order !== 0) return order
  }
  return 0
}

function keyField(row: JsonValue, field: string): JsonValue {
  if (typeof row !== 'object' || !Object.hasOwn(row, field)) return ''
  return (row as JsonObject)[field] ?? ''
}

function escapeAll(value: unknown): unknown {
  if (typeof value === 'string') return escapeHostText(value)
  if (Array.isArray(value)) return value.map(escapeAll)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [escapeHostText(key), escapeAll(item)]))
}

interface ListMeta {
  readonly key?: readonly string[]
  readonly set?: boolean
}

function metaOf(schema: z.ZodType): ListMeta {
  const own = (schema.meta() ?? {}) as ListMeta
  if (own.key || own.set) return own
  const inner = (schema as { def?: { innerType?: z.ZodType } }).def?.innerType
  return inner ? metaOf(inner) : own
}

function normalize(schema: z.ZodType, value: unknown): unknown {
  const def = (schema as unknown as { def: SchemaDef }).def
  if (value === undefined) return undefined
  if (def.innerType) return normalize(def.innerType, value)
  if (Array.isArray(value) && def.element) {
    const element = def.element
    return sortList(schema, value.map(item => normalize(element, item)) as JsonValue[])
  }
  if (def.shape && value !== null && typeof value === 'object') {
    const shape = def.shape
    const record = value as Record<string, unknown>
    const entries = Object.entries(shape).map(([field, inner]) => [field, normalize(inner, record[field])] as const)
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined))
  }
  return value
}

interface SchemaDef {
  readonly innerType?: z.ZodType
  readonly element?: z.ZodType
  readonly shape?: Record<string, z.ZodType>
}

function sortList(schema: z.ZodType, items: readonly JsonValue[]): readonly JsonValue[] {
  const { key, set } = metaOf(schema)
  if (!key && !set) return items
  const byKey = new Map<string, JsonValue>()
  for (const item of items) byKey.set(rowKey(item, key ?? []), item)
  if (key && byKey.size !== items.length) throw new Error(`two rows share the key (${key.join(', ')})`)
  return [...byKey.values()].sort((a, b) => compareRows(a, b, key ?? []))
}
