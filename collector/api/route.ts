// What a route is: declared once, it says who may ask, validates requests, answers them and describes itself in the OpenAPI document.
import type * as z from 'zod'
import type { Right } from '../auth/access/rights.ts'
import type { ProblemStatus } from './problem.ts'
import type { RequestContext } from './request-context.ts'

/** anyone: without a token; identified: whoever has one; else whoever has that right. */
export type Access = 'anyone' | 'identified' | Right

export type Answer =
  | { readonly status: 200 | 201 | 202; readonly description: string; readonly schema: z.ZodType }
  /** a text, or pieces of one as they come */
  | { readonly status: 200; readonly description: string; readonly contentType: string | readonly string[] }
  | { readonly status: 204 | 303; readonly description: string }

/** In the order that people read them in. */
export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

export type Method = (typeof methods)[number]

/** What it is of, without parameters; empty for one without content. */
export function mediaTypesOf(answer: Answer): readonly string[] {
  if ('schema' in answer) return ['application/json']
  return 'contentType' in answer ? [answer.contentType].flat().map(type => type.split(';')[0] ?? 'text/plain') : []
}

export interface Route {
  readonly method: Method
  /** as in OpenAPI: `/api/v1/hosts/{id}` */
  readonly path: string
  readonly summary: string
  readonly access: Access
  readonly params: z.ZodObject | undefined
  readonly query: z.ZodObject | undefined
  readonly body: z.ZodObject | undefined
  /** how the body comes: JSON, or as a form of a page sends it */
  readonly bodyType: 'json' | 'form'
  /** for people: who has not logged in is led to the login page */
  readonly isPage: boolean
  readonly answer: Answer
  /** problems that it answers besides those that any route may */
  readonly problems: readonly ProblemStatus[]
  handle(request: unknown, context: RequestContext): Promise<unknown>
}

type Parsed<T extends z.ZodObject | undefined> = T extends z.ZodObject ? z.infer<T> : undefined

export interface RouteRequest<P, Q, B> {
  readonly params: P
  readonly query: Q
  readonly body: B
}

/** Declares a route. Schemas are strict: what they do not know is a bad request. */
export function defineRoute<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodObject | undefined = undefined,
>(declaration: {
  readonly method?: Method
  readonly path: string
  readonly summary: string
  readonly access: Access
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly bodyType?: Route['bodyType']
  readonly isPage?: boolean
  readonly answer: Answer
  readonly problems?: readonly ProblemStatus[]
  handle(request: RouteRequest<Parsed<P>, Parsed<Q>, Parsed<B>>, context: RequestContext): Promise<unknown>
}): Route {
  const { path, summary, access, answer, handle } = declaration
  return {
    ...{ path, summary, access, answer },
    method: declaration.method ?? 'get',
    params: declaration.params,
    query: declaration.query,
    body: declaration.body,
    bodyType: declaration.bodyType ?? 'json',
    isPage: declaration.isPage ?? false,
    problems: declaration.problems ?? [],
    handle: (request, context) => handle(request as RouteRequest<Parsed<P>, Parsed<Q>, Parsed<B>>, context),
  }
}
