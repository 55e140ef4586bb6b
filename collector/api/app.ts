// The HTTP side of the collector: guards, routes and problems put together.
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import helmet from 'helmet'
import type * as z from 'zod'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { CursorError } from '../store/cursor.ts'
import { loopbackHostOnly, sameOriginWrites } from './guards.ts'
import { openApiDocument } from './openapi.ts'
import { isProblemStatus, Problem, problemBody } from './problem.ts'
import type { ApiContext, Route } from './route.ts'
import { routes } from './routes.generated.ts'

const bodyLimit = '64kb'
const openApiPath = '/openapi.json'

export function createApp(context: ApiContext): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(timed(context))
  if (context.loopbackOnly) app.use(loopbackHostOnly)
  app.use(sameOriginWrites)
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: contentPolicy },
      strictTransportSecurity: false,
    }),
  )
  app.use(express.json({ limit: bodyLimit, strict: true }))
  for (const path of new Set(routes.map(route => route.path))) addPath(app, path, context)
  const document = openApiDocument(routes)
  app.get(openApiPath, (_request, response) => {
    response.json(document)
  })
  app.all(openApiPath, notAllowed(['GET']))
  app.use((request: Request) => {
    throw new Problem(404, `nothing is at ${request.path}`)
  })
  app.use(onError(context.log))
  return app
}

const contentPolicy = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}

function addPath(app: Express, path: string, context: ApiContext): void {
  const here = routes.filter(route => route.path === path)
  const pattern = path.replace(/\{(\w+)\}/g, ':$1')
  for (const route of here) app[route.method](pattern, answering(route, context))
  app.all(pattern, notAllowed(here.map(route => route.method.toUpperCase())))
}

function answering(route: Route, context: ApiContext): RequestHandler {
  const { answer } = route
  return async (request, response) => {
    response.locals['route'] = route.path
    const result = await route.handle(
      {
        params: parse(route.params, request.params),
        query: parse(route.query, request.query, true),
        body: route.body ? parse(route.body, bodyOf(request)) : undefined,
      },
      context,
    )
    response.status(answer.status).set('cache-control', 'no-cache')
    if ('schema' in answer) response.json(result)
    else response.type(answer.contentType).send(result)
  }
}

/** @throws Problem 415 for a body that is not JSON */
function bodyOf(request: Request): unknown {
  if (request.body !== undefined) return request.body
  if (Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined) {
    throw new Problem(415, 'the body has to be application/json')
  }
  return {}
}

/** @throws Problem 400 naming each field that is not valid */
function parse(schema: z.ZodObject | undefined, value: unknown, isQuery = false): unknown {
  if (!schema) {
    const [unknown] = isQuery ? Object.keys(value as object) : []
    if (unknown !== undefined) throw new Problem(400, `${unknown}: this route takes no parameters`)
    return undefined
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
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

function notAllowed(methods: readonly string[]): RequestHandler {
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  return (request, response) => {
    response.set('allow', allowed.join(', '))
    throw new Problem(405, `${request.method} is not possible here, but ${allowed.join(', ')}`)
  }
}

function onError(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = toProblem(error)
    if (problem.status >= 500) {
      log.error('a request failed', { path: request.path, reason: messageOf(problem.cause ?? error) })
    }
    if (response.headersSent) return next(error)
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemBody(problem)))
  }
}

/** Errors of express and its body parser carry a status; everything else is ours, and its text stays inside. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
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

function timed({ clock, metrics }: ApiContext): RequestHandler {
  return (_request, response: Response, next) => {
    const started = clock.monotonic()
    response.on('finish', () => {
      const route: unknown = response.locals['route']
      metrics.request(typeof route === 'string' ? route : 'other', response.statusCode, clock.monotonic() - started)
    })
    next()
  }
}
