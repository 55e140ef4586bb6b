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

/** No facet is nested nearly as deep; hostile JSON may be, and would overflow the stack. */
const maxDepth = 64

/** The way from the outermost value to the one being written: keys and indexes. */
type Trail = (string | number)[]

/**
 * RFC 8785 text of a value: keys sorted by UTF-16 code units, no white space. Keys whose value is undefined are left out.
 * @param path dotted place of the value, for errors
 * @throws CanonicalError for null, fractions, unsafe integers, lone surrogates, functions, instances of classes, and
 *   what is nested deeper than 64 levels
 */
export function canonicalJson(value: unknown, path = ''): string {
  const depth = path === '' ? 0 : 1
  // What was parsed from a canonical text is in order already, and the runtime writes that several times as fast.
  return isInOrder(value, depth) ? JSON.stringify(value) : write(value, path === '' ? [] : [path])
}

/** Whether JSON.stringify writes the canonical text of a value; what it says no to is for `write`, that tells why. */
function isInOrder(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed()
    case 'number':
      return Number.isSafeInteger(value)
    case 'boolean':
      return true
    case 'object':
      if (value === null || depth > maxDepth) return false
      return Array.isArray(value) ? areInOrder(value, depth) : isRecordInOrder(value, depth)
    default:
      return false
  }
}

function areInOrder(items: readonly unknown[], depth: number): boolean {
  for (let index = 0; index < items.length; index++) if (!isInOrder(items[index], depth + 1)) return false
  return true
}

function isRecordInOrder(value: object, depth: number): boolean {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return false
  const record = value as Readonly<Record<string, unknown>>
  let before: string | undefined
  for (const key of Object.keys(record)) {
    if ((before !== undefined && before >= key) || !key.isWellFormed() || !isInOrder(record[key], depth + 1)) {
      return false
    }
    before = key
  }
  return true
}

function write(value: unknown, trail: Trail): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw refusal(trail, 'string has a lone surrogate')
      return JSON.stringify(value)
    case 'number':
      if (!Number.isSafeInteger(value)) throw refusal(trail, `not a safe integer: ${value}`)
      return value === 0 ? '0' : String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) throw refusal(trail, 'null has no place in a facet')
      if (trail.length > maxDepth) throw refusal(trail, `nested deeper than ${maxDepth} levels`)
      return Array.isArray(value) ? writeArray(value, trail) : writeObject(value, trail)
    default:
      throw refusal(trail, `a value of type ${typeof value} has no canonical form`)
  }
}

function writeArray(items: readonly unknown[], trail: Trail): string {
  let text = '['
  for (let index = 0; index < items.length; index++) {
    trail.push(index)
    text += (index === 0 ? '' : ',') + write(items[index], trail)
    trail.pop()
  }
  return `${text}]`
}

function writeObject(value: object, trail: Trail): string {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) {
    throw refusal(trail, 'an instance of a class has no canonical form')
  }
  const record = value as Readonly<Record<string, unknown>>
  let text = '{'
  for (const key of Object.keys(record).sort()) {
    const item = record[key]
    if (item === undefined) continue
    if (!key.isWellFormed()) throw refusal(trail, 'key has a lone surrogate')
    trail.push(key)
    text += `${text.length === 1 ? '' : ','}${JSON.stringify(key)}:${write(item, trail)}`
    trail.pop()
  }
  return `${text}}`
}

function refusal(trail: Trail, reason: string): CanonicalError {
  const path = trail.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
  return new CanonicalError(path.join(''), reason)
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

/** The bytes of a digest's text, as the wire carries them. */
export function digestBytes(digest: string): Buffer {
  return Buffer.from(digest.slice('sha256:'.length), 'hex')
}

/** One digest for a whole host: over its sorted facet digests. */
export function hostDigest(facets: Iterable<{ readonly facet: string; readonly digest: string }>): string {
  const lines = [...facets].map(({ facet, digest }) => `${facet} ${digest}`).sort()
  return sha256(lines.join('\n'))
}

/**
 * Total order of canonical values, in which only equal values tie: numbers by value, then strings by code units, then
 * everything else by its canonical text.
 */
export function compareKeys(a: JsonValue, b: JsonValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  const order = rank(a) - rank(b)
  return order === 0 ? compareText(canonicalJson(a), canonicalJson(b)) : order
}

function rank(value: JsonValue): number {
  if (typeof value === 'number') return 0
  return typeof value === 'string' ? 1 : 2
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
