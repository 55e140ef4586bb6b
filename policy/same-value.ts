// Whether two values of facts are the same: what their canonical texts would say, without writing them.
import { canonicalJson } from '../proto/canonical.ts'
import type { JsonValue } from '../proto/facet.ts'

/** Facts are nested far less; what is deeper is left to the canonical text, that has a limit of its own. */
const maxDepth = 32

/**
 * Whether two values have one canonical text. A field whose value is undefined is not there.
 * @throws CanonicalError for what is nested so deep that it has no canonical form
 */
export function sameValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return same(a, b, 0)
}

function same(a: JsonValue | undefined, b: JsonValue | undefined, depth: number): boolean {
  if (a === b) return true
  // Facts may come from a file that somebody wrote: null has no place in them, and is still not to be stumbled over.
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (depth >= maxDepth) return canonicalJson(a) === canonicalJson(b)
  if (Array.isArray(a)) return Array.isArray(b) && sameItems(a, b, depth)
  return !Array.isArray(b) && sameFields(a as Fields, b as Fields, depth)
}

type Fields = Readonly<Record<string, JsonValue | undefined>>

function sameItems(a: readonly JsonValue[], b: readonly JsonValue[], depth: number): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (!same(a[index], b[index], depth + 1)) return false
  return true
}

function sameFields(a: Fields, b: Fields, depth: number): boolean {
  let fields = 0
  for (const key of Object.keys(a)) {
    const value = a[key]
    if (value === undefined) continue
    if (!Object.hasOwn(b, key) || !same(value, b[key], depth + 1)) return false
    fields++
  }
  for (const key of Object.keys(b)) if (b[key] !== undefined) fields--
  return fields === 0
}
