// Turns a request into what a route takes, or names what is wrong with it.
import type { Request } from 'express'
import type * as z from 'zod'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'

/** @throws Problem 400 naming each field that is not valid, 415 for a body of another type */
export function parseRequest({ params, query, body, bodyType }: Route, request: Request): unknown {
  return {
    params: parse(params, request.params),
    query: parse(query, request.query, true),
    body: body ? parse(body, bodyOf(request, bodyType)) : undefined,
  }
}

const types = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const

function bodyOf(request: Request, bodyType: Route['bodyType']): unknown {
  if (request.body !== undefined) return request.body
  if (Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined) {
    throw new Problem(415, `the body has to be ${types[bodyType]}`)
  }
  return {}
}

function parse(schema: z.ZodObject | undefined, value: unknown, isQuery = false): unknown {
  if (!schema) {
    const [unknown] = isQuery ? Object.keys(value as object) : []
    if (unknown !== undefined) throw new Problem(400, `${unknown}: this route takes no parameters`)
    return undefined
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) {
    const field = unstorable(value)
    if (field === undefined) return parsed.data
    const detail = 'a NUL, or half of a surrogate pair, which no database keeps'
    throw new Problem(400, `${field.join('.')}: ${detail}`, [{ field: field.join('.'), detail }])
  }
  const errors = parsed.error.issues.flatMap(issue => {
    if (issue.code === 'unrecognized_keys') {
      const known = Object.keys(schema.shape).join(', ')
      return issue.keys.map(key => ({ field: key, detail: `not known here; there are ${known}` }))
    }
    return [{ field: issue.path.join('.'), detail: issue.message }]
  })
  const [first] = errors
  throw new Problem(400, first ? `${first.field || 'body'}: ${first.detail}` : 'not valid', errors)
}

/** Path to the first text that cannot be kept, undefined when every one can. */
function unstorable(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : []
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, part] of Object.entries(value)) {
    const inside = isStorable(key) ? unstorable(part) : []
    if (inside) return [key, ...inside]
  }
  return undefined
}

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()
