// Canonical JSON (RFC 8785 restricted to integers, without null) and the digests made over it.
import { createHash } from 'node:crypto'
import type { JsonValue } from './facet.ts'

/** Thrown for a value that has no canonical form. `path` is the dotted place of the value. */
export class CanonicalError extends Error {
  readonly path: string
  constructor(path: string, reason: string) {
    super(`${path || 'value'}: ${reason}`)
    this.name = 'CanonicalError'
    this.path = path
  }
}

/**
 * RFC 8785 text of a value: keys sorted by UTF-16 code units, no white space. Keys whose value is undefined are left out.
 * @throws CanonicalError for null, fractions, unsafe integers, lone surrogates, functions
 */
export function canonicalJson(value: unknown, path = ''): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new CanonicalError(path, 'string has a lone surrogate')
      return JSON.stringify(value)
    case 'number':
      if (!Number.isSafeInteger(value)) throw new CanonicalError(path, `not a safe integer: ${value}`)
      return value === 0 ? '0' : String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) throw new CanonicalError(path, 'null has no place in a facet')
      return Array.isArray(value)
        ? canonicalArray(value, path)
        : canonicalObject(value as Record<string, unknown>, path)
    default:
      throw new CanonicalError(path, `a ${typeof value} has no canonical form`)
  }
}

function canonicalArray(items: readonly unknown[], path: string): string {
  let text = '['
  for (let index = 0; index < items.length; index++) {
    text += (index === 0 ? '' : ',') + canonicalJson(items[index], `${path}[${index}]`)
  }
  return `${text}]`
}

function canonicalObject(record: Record<string, unknown>, path: string): string {
  let text = '{'
  for (const key of Object.keys(record).sort()) {
    const value = record[key]
    if (value === undefined) continue
    if (!key.isWellFormed()) throw new CanonicalError(path, 'key has a lone surrogate')
    text += `${text.length === 1 ? '' : ','}${JSON.stringify(key)}:${canonicalJson(value, path ? `${path}.${key}` : key)}`
  }
  return `${text}}`
}

/** `sha256:<hex>` of a canonical text. */
export function sha256(text: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/**
 * Digest of a facet: over its name, schema version, state and canonical body (facts when present, else the reason).
 * @param canonicalBody text made by `canonicalJson`
 */
export function facetDigest(facet: string, schemaVersion: number, state: string, canonicalBody: string): string {
  return sha256(`${facet}\n${schemaVersion}\n${state}\n${canonicalBody}`)
}

/** One digest for a whole host: over its sorted facet digests. */
export function hostDigest(facets: Iterable<{ readonly facet: string; readonly digest: string }>): string {
  const lines = [...facets].map(({ facet, digest }) => `${facet} ${digest}`).sort()
  return sha256(lines.join('\n'))
}

/** Compares two canonical scalars or key tuples in a fixed order: numbers by value, then strings by code units. */
export function compareKeys(a: JsonValue, b: JsonValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const left = typeof a === 'string' ? a : JSON.stringify(a)
  const right = typeof b === 'string' ? b : JSON.stringify(b)
  return left < right ? -1 : left > right ? 1 : 0
}
