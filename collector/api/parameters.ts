// Parameters that several routes take.
import * as z from 'zod'
import type { PageRequest } from '../store/records.ts'

/** @param items what there may be so many of */
export const limitParameter = (items: string) =>
  z
    .string()
    .regex(/^\d{1,4}$/, 'expected a number from 1 to 500')
    .transform(Number)
    .refine(value => value >= 1 && value <= 500, 'expected a number from 1 to 500')
    .optional()
    .meta({ type: 'integer', minimum: 1, maximum: 500, default: 50, description: items })

const cursor = z.string().min(1).max(2_000).optional().describe('nextCursor of the page before')

export const pageParameters = { limit: limitParameter('items on a page'), cursor }

export const idParameter = z.string().min(1).max(64)
export const facetParameter = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'expected a facet name in kebab-case')

/** A time as ISO 8601 with a zone, in milliseconds since the epoch. */
export const timeParameter = z.iso
  .datetime({ offset: true, error: 'expected an ISO 8601 time such as 2026-11-20T14:00:00Z' })
  .transform(text => Date.parse(text))
  .meta({ type: 'string', format: 'date-time' })

export const defaultLimit = 50

export function pageRequest(query: {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}): PageRequest {
  return { limit: query.limit ?? defaultLimit, ...(query.cursor === undefined ? {} : { cursor: query.cursor }) }
}

/** Labels of hosts: at most sixteen. */
export const labelsParameter = z
  .record(z.string().regex(/^[\w./-]{1,320}$/, 'expected a label'), z.string().regex(/^[^\p{C}]{0,256}$/u))
  .refine(labels => Object.keys(labels).length <= 16, 'expected at most 16 labels')
  .meta({ type: 'object', maxProperties: 16, additionalProperties: { type: 'string', maxLength: 256 } })

/** Seconds, at least a minute. */
export const ttlParameter = (maxDays: number) =>
  z
    .int()
    .min(60)
    .max(maxDays * 86_400)
