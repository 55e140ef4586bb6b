// Judges bodies: canonical JSON of bounded depth whose digest is the one that was offered.
import * as z from 'zod'
import { canonicalJson, facetDigest } from '../../proto/canonical.ts'
import { applyDelta, type Delta } from '../../proto/delta.ts'
import type { FacetState, JsonObject, JsonValue } from '../../proto/facet.ts'
import { limits } from './limits.ts'
import { Refused } from './refusal.ts'

/** What an offer promises of its body. */
export interface Promised {
  readonly facet: string
  readonly schemaVersion: number
  readonly state: FacetState['state']
  readonly digest: string
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const ReasonSchema = z.strictObject({ code: z.string(), detail: z.string() })
const rows = z.array(z.unknown())
const DeltaSchema = z.strictObject({
  set: z.record(z.string(), z.unknown()),
  unset: z.array(z.string()),
  lists: z.record(z.string(), z.strictObject({ upsert: rows, remove: z.array(z.string()) })),
  keys: z.record(z.string(), z.array(z.string())),
})

/** @returns the canonical text. @throws Refused */
export function verifyFull(promised: Promised, bytes: Uint8Array): string {
  const { text, value } = parse(bytes)
  if (canonical(value) !== text) throw new Refused('malformed', `${promised.facet}: the body is not canonical JSON`)
  return verified(promised, value, text)
}

/**
 * Applies a delta to the facts it starts from.
 * @param base canonical facts
 * @returns the canonical text of the new facts. @throws Refused
 */
export function verifyDelta(promised: Promised, base: string, bytes: Uint8Array): string {
  const parsed = DeltaSchema.safeParse(parse(bytes).value)
  if (!parsed.success) throw new Refused('malformed', `${promised.facet}: not a delta`)
  let facts: JsonValue
  try {
    facts = applyDelta(JSON.parse(base) as JsonObject, parsed.data as unknown as Delta)
  } catch (cause) {
    throw malformed(`${promised.facet}: the delta does not fit its base`, cause)
  }
  return verified(promised, facts, canonical(facts))
}

/** Observations as canonical text. @throws Refused */
export function verifyObservations(facet: string, bytes: Uint8Array): string {
  if (bytes.length > limits.observationBytes) throw new Refused('too_large', `${facet}: observations are too large`)
  const { value } = parse(bytes)
  if (!isRecord(value)) throw new Refused('malformed', `${facet}: observations are no JSON object`)
  return canonical(value)
}

function verified(promised: Promised, value: unknown, text: string): string {
  const { facet, schemaVersion, state, digest } = promised
  const shaped = state === 'present' ? isRecord(value) : ReasonSchema.safeParse(value).success
  if (!shaped) throw new Refused('malformed', `${facet}: the body has not the form of a facet that is ${state}`)
  if (text.length > limits.messageBytes) throw new Refused('too_large', `${facet}: the body is too large`)
  if (facetDigest(facet, schemaVersion, state, text) !== digest) {
    throw new Refused('digest', `${facet}: the body has another digest than was offered`)
  }
  return text
}

function parse(bytes: Uint8Array): { readonly text: string; readonly value: unknown } {
  try {
    const text = utf8.decode(bytes)
    const value: unknown = JSON.parse(text)
    if (!isShallow(value, limits.depth)) throw new Refused('malformed', `nested deeper than ${limits.depth} levels`)
    return { text, value }
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw malformed('not JSON in UTF-8', cause)
  }
}

function canonical(value: unknown): string {
  try {
    return canonicalJson(value)
  } catch (cause) {
    throw malformed('has no canonical form', cause)
  }
}

/** The cause is kept out of the message: it may quote the body. */
function malformed(detail: string, cause: unknown): Refused {
  const refused = new Refused('malformed', detail)
  refused.cause = cause
  return refused
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (levels === 0) return false
  return Object.values(value).every(item => isShallow(item, levels - 1))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
