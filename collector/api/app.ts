// The HTTP side of the collector: guards, routes and problems put together.
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import helmet from 'helmet'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { CursorError } from '../store/cursor.ts'
import { StoreUnavailable } from '../store/unavailable.ts'
import type { ApiOptions } from './api-options.ts'
import { knownHostOnly, sameOriginWrites } from './guards.ts'
import { openApiDocument } from './openapi.ts'
import { isProblemStatus, Problem, problemBody } from './problem.ts'
import { createRateLimits } from './rate-limits.ts'
import type { Route } from './route.ts'
import { routes } from './routes.generated.ts'
import { bodyLimit, type Limits, serveRoute } from './serve-route.ts'

/** Logins of one address. */
const loginRate = { perSecond: 0.5, burst: 30 }
/** Addresses stand for several tokens behind a router. */
const addressFactor = 4

export function createApp(options: ApiOptions, served: readonly Route[] = routes): Express {
  const { reach } = options
  const app = express()
  app.disable('x-powered-by')
  if (reach.isBehindProxy) app.set('trust proxy', 1)
  app.use(timed(options))
  app.use(knownHostOnly(reach))
  app.use(sameOriginWrites)
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: contentPolicy },
      strictTransportSecurity: reach.isSecure && { maxAge: hstsSeconds, includeSubDomains: false },
    }),
  )
  const document = once(() => {
    const value = openApiDocument(served)
    return { value, text: JSON.stringify(value) }
  })
  const all = { options, limits: limitsOf(options), document }
  for (const path of new Set(served.map(route => route.path))) {
    const here = served.filter(route => route.path === path)
    addPath(
      app,
      path,
      here,
      here.map(route => [route, serveRoute(route, all)] as const),
    )
  }
  app.use((request: Request) => {
    throw new Problem(404, `nothing is at ${request.path}`)
  })
  app.use(onError(options.log, served))
  return app
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Whoever finds no database comes again after that. */
const unavailableMs = 5_000
const hstsSeconds = 365 * 86_400

const contentPolicy = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}

function limitsOf({ clock, reach: { rate } }: ApiOptions): Limits {
  const { perSecond = 0, burst = 0 } = rate ?? {}
  const ofAddress = rate && { perSecond: perSecond * addressFactor, burst: burst * addressFactor }
  return {
    ofAddress: createRateLimits(clock, ofAddress),
    ofPrincipal: createRateLimits(clock, rate),
    ofLogin: createRateLimits(clock, loginRate),
  }
}

function addPath(
  app: Express,
  path: string,
  here: readonly Route[],
  handlers: readonly (readonly [Route, readonly RequestHandler[]])[],
): void {
  const pattern = path.replace(/\{(\w+)\}/g, ':$1')
  for (const [route, chain] of handlers) app[route.method](pattern, ...chain)
  app.all(pattern, notAllowed(here.map(route => route.method.toUpperCase())))
}

function notAllowed(methods: readonly string[]): RequestHandler {
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  return (request, response) => {
    response.set('allow', allowed.join(', '))
    throw new Problem(405, `${request.method} is not possible here, but ${allowed.join(', ')}`)
  }
}

function onError(log: Log, served: readonly Route[]): ErrorRequestHandler {
  const pages = new Set(served.filter(route => route.isPage).map(route => route.path))
  return (error: unknown, request, response, next) => {
    const problem = toProblem(error)
    if (problem.status >= 500) {
      const requestId = response.get('x-request-id') ?? ''
      log.error('a request failed', { path: request.path, requestId, reason: messageOf(problem.cause ?? error) })
    }
    if (response.headersSent) return next(error)
    if (problem.status === 401 && pages.has(request.path)) return response.redirect(303, '/login')
    if (problem.status === 401) response.set('www-authenticate', 'Bearer realm="gabion"')
    if (problem.retryAfterMs > 0) response.set('retry-after', String(Math.ceil(problem.retryAfterMs / 1000)))
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemBody(problem)))
  }
}

/** Errors of express and its body parser carry a status; everything else is ours, and its text stays inside. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof StoreUnavailable) return unavailable(error)
  if (error instanceof CursorError) return new Problem(400, `cursor: ${error.message}`)
  const { status, type } = error as { readonly status?: unknown; readonly type?: unknown }
  if (type === 'entity.parse.failed') return new Problem(400, 'the body is not JSON')
  if (type === 'entity.too.large') return new Problem(413, `the body is larger than ${bodyLimit}`)
  if (typeof status === 'number' && status < 500) {
    return new Problem(isProblemStatus(status) ? status : 400, 'the request cannot be read')
  }
  const problem = new Problem(500, 'the collector failed to answer; its log says why')
  problem.cause = error
  return problem
}

/** It comes back by itself. */
function unavailable(cause: StoreUnavailable): Problem {
  const problem = new Problem(503, 'the database cannot be reached now', [], unavailableMs)
  problem.cause = cause
  return problem
}

/** Routes as they are declared: a path may name a host. */
function timed({ clock, metrics, log }: ApiOptions): RequestHandler {
  return ({ method }, response: Response, next) => {
    const started = clock.monotonic()
    response.on('finish', () => {
      const declared: unknown = response.locals['route']
      const route = typeof declared === 'string' ? declared : 'other'
      const ms = clock.monotonic() - started
      metrics.request(route, response.statusCode, ms)
      const requestId = response.get('x-request-id') ?? ''
      log.debug('answered', { method, route, status: response.statusCode, ms: Math.round(ms), requestId })
    })
    next()
  }
}
