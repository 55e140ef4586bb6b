// One route as express sees it: who asks, whether they may, what they ask, the answer, and its trace in the audit log.
import { randomUUID } from 'node:crypto'
import express, { type Request, type RequestHandler, type Response } from 'express'
import type { Principal } from '../auth/access/principal.ts'
import { CannotIdentify, NotIdentified } from '../auth/identity.ts'
import { OutOfScope } from '../domain/scoped-reader.ts'
import type { ApiOptions } from './api-options.ts'
import { isReading } from './guards.ts'
import { parseRequest } from './parse-request.ts'
import { Problem } from './problem.ts'
import type { RateLimits } from './rate-limits.ts'
import { type RequestContext, requestContext, sessionCookieName } from './request-context.ts'
import { mediaTypesOf, type Route } from './route.ts'
import { sendAnswer } from './send-answer.ts'

export const bodyLimit = '64kb'
/** Has to come with what a page does by the cookie of its user: other sites cannot send it. */
export const csrfHeader = 'x-gabion-csrf'

/** What all routes are served with. */
export interface Served {
  readonly options: ApiOptions
  readonly limits: Limits
  readonly document: RequestContext['document']
}

export interface Limits {
  readonly ofAddress: RateLimits
  readonly ofPrincipal: RateLimits
  readonly ofLogin: RateLimits
}

const nobody: Principal = {
  ...{ kind: 'open', name: 'nobody', role: '', scope: { '': '' }, expiresAtMs: 0 },
  may: async () => false,
}

/** Handlers in order: rights, body, answer. Nothing of a body is read before it is known that somebody may send it. */
export function serveRoute(route: Route, served: Served): RequestHandler[] {
  return [admit(route, served), bodyParser(route), answer(route, served)]
}

interface Admitted {
  readonly principal: Principal
  readonly session: string
  readonly requestId: string
}

function admit(route: Route, served: Served): RequestHandler {
  const { options, limits } = served
  return async (request, response, next) => {
    response.locals['route'] = route.path
    const requestId = randomUUID()
    response.set('x-request-id', requestId)
    limits.ofAddress.take(addressOf(request))
    const session = cookieOf(request, sessionCookieName(options.reach.isSecure))
    if (isLogin(route)) limits.ofLogin.take(addressOf(request))
    if (route.bodyType === 'form') requireOrigin(request)
    const principal = route.access === 'anyone' ? nobody : await identify(options, request, session)
    const admitted: Admitted = { principal, session, requestId }
    response.locals['admitted'] = admitted
    if (route.access === 'anyone') return next()
    limits.ofPrincipal.take(principal.name)
    if (principal.kind === 'session' && !isReading(request.method) && route.bodyType !== 'form') requireCsrf(request)
    await requireRight(route, principal).catch(async error => {
      if (!isReading(request.method)) await note(contextOf(route, served, request, response), error)
      throw error
    })
    next()
  }
}

/** Parameters of types are no reason to refuse: there is one form of each. */
function requireAcceptable({ answer }: Route, { headers: { accept } }: Request): void {
  const types = mediaTypesOf(answer)
  if (accept === undefined || types.length === 0) return
  const ranges = accept.split(',').map(range => range.split(';')[0]?.trim().toLowerCase() ?? '')
  const isTaken = (type: string) => [type, `${type.split('/')[0]}/*`, '*/*'].some(range => ranges.includes(range))
  if (!types.some(isTaken)) throw new Problem(406, `the answer is ${types.join(' or ')}`)
}

const isLogin = ({ path, method }: Route) => method === 'post' && (path === '/login' || path === '/api/v1/session')

async function identify(options: ApiOptions, request: Request, session: string): Promise<Principal> {
  try {
    return await options.authenticate({ authorization: request.headers.authorization ?? '', session })
  } catch (error) {
    if (error instanceof NotIdentified) throw new Problem(401, error.message)
    if (error instanceof CannotIdentify) throw new Problem(503, error.message, [], error.retryAfterMs)
    throw error
  }
}

async function requireRight({ access }: Route, principal: Principal): Promise<void> {
  if (typeof access === 'string') return
  let may: boolean
  try {
    may = await principal.may(access)
  } catch (error) {
    if (error instanceof CannotIdentify) throw new Problem(503, error.message, [], error.retryAfterMs)
    throw error
  }
  if (!may) throw new Problem(403, `${principal.name} may not ${access.verb} ${access.resource}`)
}

/** A browser always says where a form comes from. */
function requireOrigin({ headers }: Request): void {
  if (headers.origin === undefined && headers['sec-fetch-site'] === undefined) {
    throw new Problem(403, 'a form has to say which page it comes from')
  }
}

function requireCsrf({ headers }: Request): void {
  if (headers[csrfHeader] === undefined) {
    throw new Problem(403, `what a page does by a cookie has to come with the header ${csrfHeader}`)
  }
}

function bodyParser({ body, bodyType }: Route): RequestHandler {
  if (!body) return (_request, _response, next) => next()
  if (bodyType === 'form') return express.urlencoded({ limit: bodyLimit, extended: false, parameterLimit: 20 })
  return express.json({ limit: bodyLimit, strict: true })
}

function answer(route: Route, served: Served): RequestHandler {
  return async (request, response) => {
    const context = contextOf(route, served, request, response)
    try {
      requireAcceptable(route, request)
      const result = await route.handle(parseRequest(route, request), context)
      if (isChange(route, request) && !context.changes.isNoted) await context.changes.note(targetOf(request), 'done')
      await sendAnswer(route.answer, result, response, context)
    } catch (error) {
      const problem = asProblem(error)
      if (isChange(route, request) && !context.changes.isNoted) await note(context, problem, targetOf(request))
      throw problem
    }
  }
}

const isChange = ({ access }: Route, { method }: Request) => !isReading(method) && access !== 'anyone'

function asProblem(error: unknown): unknown {
  if (error instanceof OutOfScope) return new Problem(403, error.message)
  if (error instanceof NotIdentified) return new Problem(401, error.message)
  return error
}

/** Attempts stand in the audit log like what took effect. */
async function note({ changes }: RequestContext, error: unknown, target = ''): Promise<void> {
  const status = error instanceof Problem ? error.status : 500
  await changes.note(target, status >= 500 ? 'failed' : 'refused', { status })
}

/** Whatever was asked for; no database keeps a NUL. */
const targetOf = ({ params }: Request): string =>
  String(params['id'] ?? '')
    .replaceAll('\0', '')
    .slice(0, 200)

function contextOf(route: Route, { options, document }: Served, request: Request, response: Response): RequestContext {
  const { principal, session, requestId } = response.locals['admitted'] as Admitted
  const gone = new AbortController()
  const end = () => gone.abort()
  options.stopping.addEventListener('abort', end, { once: true })
  response.on('close', () => {
    options.stopping.removeEventListener('abort', end)
    end()
  })
  const { access } = route
  return requestContext(options, {
    ...{ principal, session, requestId, document, address: addressOf(request), signal: gone.signal },
    lastEventId: String(request.headers['last-event-id'] ?? ''),
    isStillGood: () => isStillGood(route, options, request, session, principal),
    action: typeof access === 'string' ? route.path.slice(1) : `${access.resource}.${access.verb}`,
    reply: { header: (name, value) => void response.set(name, value) },
  })
}

async function isStillGood(
  route: Route,
  options: ApiOptions,
  { headers }: Request,
  session: string,
  before: Principal,
): Promise<boolean> {
  try {
    const now = await options.authenticate({ authorization: headers.authorization ?? '', session })
    await requireRight(route, now)
    return now.name === before.name && JSON.stringify(now.scope) === JSON.stringify(before.scope)
  } catch (error) {
    if (error instanceof NotIdentified || error instanceof Problem) return false
    throw error
  }
}

const addressOf = (request: Request): string => request.ip ?? ''

function cookieOf(request: Request, name: string): string {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value !== undefined && /^[\w-]{1,100}$/.test(value)) return value
  }
  return ''
}
