// What a route is: declared once, it validates requests, answers them and describes itself in the OpenAPI document.
import type * as z from 'zod'
import type { Catalog } from '../../policy/check.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { Connections } from '../ingest/connections.ts'
import type { Metrics } from '../metrics.ts'
import type { Store } from '../store/store.ts'
import type { ProblemStatus } from './problem.ts'

/** What routes answer from. */
export interface ApiContext {
  readonly store: Store
  readonly connections: Connections
  readonly catalog: Catalog
  readonly metrics: Metrics
  readonly clock: Clock
  readonly log: Log
  /** whether agents can open streams */
  readonly isIngesting: () => boolean
  /** whether only names of this machine are taken as Host */
  readonly loopbackOnly: boolean
  /** says on the overview that this is a trial on one machine */
  readonly demo: boolean
}

export type Answer =
  | { readonly status: 200 | 202; readonly description: string; readonly schema: z.ZodType }
  | { readonly status: 200; readonly description: string; readonly contentType: string }

export interface Route {
  readonly method: 'get' | 'post'
  /** as in OpenAPI: `/api/v1/hosts/{id}` */
  readonly path: string
  readonly summary: string
  readonly params: z.ZodObject | undefined
  readonly query: z.ZodObject | undefined
  readonly body: z.ZodObject | undefined
  readonly answer: Answer
  /** problems that it answers besides 400, 405, 421 and 500 */
  readonly problems: readonly ProblemStatus[]
  handle(request: unknown, context: ApiContext): Promise<unknown>
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
  readonly method?: 'get' | 'post'
  readonly path: string
  readonly summary: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly answer: Answer
  readonly problems?: readonly ProblemStatus[]
  handle(request: RouteRequest<Parsed<P>, Parsed<Q>, Parsed<B>>, context: ApiContext): Promise<unknown>
}): Route {
  return {
    method: declaration.method ?? 'get',
    path: declaration.path,
    summary: declaration.summary,
    params: declaration.params,
    query: declaration.query,
    body: declaration.body,
    answer: declaration.answer,
    problems: declaration.problems ?? [],
    handle: (request, context) => declaration.handle(request as RouteRequest<Parsed<P>, Parsed<Q>, Parsed<B>>, context),
  }
}
