// The contract of a facet: its name, its schema, its list keys and the four states it can be in.
import * as z from 'zod'

/** What a source that could not be used was like. Field's words: an absent file is never one of these. */
export const gapStates = [
  'unreadable',
  'tooLarge',
  'notRegular',
  'malformed',
  'remote',
  'timedOut',
  'unavailable',
] as const
export type GapState = (typeof gapStates)[number]

/**
 * One hole in what a probe knows. `field` is the dotted path inside the facts (`users.password`, `sudoRules`).
 *
 * - `omitted`: the field is left out wherever the source would have filled it; a check that reads it is an error.
 * - `incomplete`: the list is there but may lack rows; a check that passes on it is an error instead.
 */
export const GapSchema = z.object({
  field: z.string().describe('dotted path inside the facts that this hole concerns'),
  effect: z.enum(['omitted', 'incomplete']).describe('whether the field is left out, or a list may lack rows'),
  source: z.string().describe('host path, command or socket that could not be used'),
  state: z.enum(gapStates).describe('why the source could not be used'),
  detail: z.string().describe('errno, missing capability, line of the syntax error, or limit; never file content'),
})
export type Gap = z.infer<typeof GapSchema>

/** Marks a list as keyed: rows are sorted by, compared by and sent by these fields. Scalars are their own key. */
export function keyed<T extends z.ZodType>(row: T, key: readonly string[]): z.ZodArray<T> {
  return z.array(row).meta({ key: [...key] })
}

/** A list of strings or integers without duplicates, kept sorted. */
export function sortedSet<T extends z.ZodType>(item: T): z.ZodArray<T> {
  return z.array(item).meta({ set: true })
}

/** A list whose order is the host's own and means something (cipher suites, listed kernel security modules). */
export function ordered<T extends z.ZodType>(item: T): z.ZodArray<T> {
  return z.array(item).meta({ ordered: true })
}

export interface Facet {
  /** kebab-case, as in files, URLs and on the command line */
  readonly name: string
  /** camelCase, as in JSON and CEL */
  readonly property: string
  /** grows by one when a field's meaning changes or a field is added */
  readonly version: number
  readonly title: string
  readonly facts: z.ZodObject
  readonly observations: z.ZodObject
}

/**
 * Declares a facet. Laws of every schema: integers only, no null, a field is optional only where its value can be
 * *unknown* (then a gap names the reason) — what is known not to be there has a value of its own.
 */
export function defineFacet<F extends z.ZodRawShape, O extends z.ZodRawShape>(declaration: {
  readonly name: string
  readonly version: number
  readonly title: string
  readonly facts: F
  readonly observations: O
}) {
  return {
    name: declaration.name,
    property: facetProperty(declaration.name),
    version: declaration.version,
    title: declaration.title,
    facts: z.object({
      ...declaration.facts,
      gaps: keyed(GapSchema, ['field', 'source']).describe('what could not be read, and which fields that concerns'),
    }),
    observations: z.object(declaration.observations),
  }
}

/** `kernel-modules` → `kernelModules`. */
export function facetProperty(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

export type FactsOf<T extends { facts: z.ZodType }> = z.infer<T['facts']>
export type ObservationsOf<T extends { observations: z.ZodType }> = z.infer<T['observations']>

/** Why a facet has no facts. `code` is for machines, `detail` for people. */
export const absenceCodes = ['notInstalled', 'notSupported', 'notThisKindOfHost', 'offlineRoot', 'disabled'] as const
export type AbsenceCode = (typeof absenceCodes)[number]

export type JsonValue = string | number | boolean | readonly JsonValue[] | { readonly [key: string]: JsonValue }
export type JsonObject = { readonly [key: string]: JsonValue }

/**
 * The largest facet there is: a collector refuses a larger one, and with it the stream that it came by. Bytes of
 * canonical JSON.
 */
export const facetLimits = { factsBytes: 7 * 1024 * 1024, observationsBytes: 1024 * 1024 - 1024 } as const

/** What a probe answered, sealed: canonical, digested and ready for disk, wire or judge. */
export type FacetState =
  | {
      readonly facet: string
      readonly schemaVersion: number
      readonly state: 'present'
      readonly digest: string
      readonly facts: JsonObject
      readonly observations: JsonObject
    }
  | {
      readonly facet: string
      readonly schemaVersion: number
      readonly state: 'absent'
      readonly digest: string
      readonly reason: { readonly code: AbsenceCode; readonly detail: string }
    }
  | {
      readonly facet: string
      readonly schemaVersion: number
      readonly state: 'unreadable' | 'error'
      readonly digest: string
      readonly reason: { readonly code: string; readonly detail: string }
    }
