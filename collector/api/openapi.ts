// Describes the routes as an OpenAPI 3.1 document, from the schemas that validate requests.
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { version } from '../../runtime/version.ts'
import type { OpenApiDocument } from './openapi-document.ts'
import { ProblemSchema, type ProblemStatus } from './problem.ts'
import { type Answer, mediaTypesOf, type Route } from './route.ts'

/** Problems that any route may answer. */
const common: readonly ProblemStatus[] = [400, 405, 421, 429, 500]
/** Problems of routes that want to know who asks. */
const ofIdentified: readonly ProblemStatus[] = [401, 403, 503]
/** Problems of routes that answer with something. */
const ofContent: readonly ProblemStatus[] = [406]
/** Problems of routes that take a body. */
const ofBody: readonly ProblemStatus[] = [413, 415]

const description = `What every host of the fleet is, how it stands against the checks, and what changed.

Requests bring an API token (\`gabion-collector api-token create\`), a ServiceAccount token of a cluster that the collector
knows, or the cookie of a login. Lists are pages: \`nextCursor\` of one is \`cursor\` of the next. Errors are problem details
(RFC 9457). Answers carry an ETag and \`X-Request-Id\`; what changes something is in the audit log under that id.`

export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'token', {
    ...{ type: 'http', scheme: 'bearer' },
    description: 'an API token, or a ServiceAccount token of a known cluster',
  })
  registry.registerComponent('securitySchemes', 'session', {
    ...{ type: 'apiKey', in: 'cookie', name: '__Host-gabion-session' },
    description: 'the cookie of a login; writes by it also need the header X-Gabion-Csrf',
  })
  for (const route of routes) {
    registry.registerPath({
      method: route.method,
      path: route.path,
      operationId: operationId(route),
      tags: [tagOf(route)],
      summary: route.summary,
      description: rightText(route),
      security: route.access === 'anyone' ? [] : [{ token: [] }, { session: [] }],
      request: requestOf(route),
      responses: { [route.answer.status]: responseOf(route.answer), ...problemsOf(route) },
    })
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Gabion collector', version, description },
  })
}

/** `get /api/v1/hosts/{id}/facets` → `getHostsIdFacets`. */
function operationId({ method, path }: Route): string {
  const words = path.replace('/api/v1', '').split(/[^A-Za-z0-9]+/)
  return method + words.map(word => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
}

/** First word of the path below the version, `collector` for what is not of the fleet. */
function tagOf({ path }: Route): string {
  return /^\/api\/v1\/([a-z-]+)/.exec(path)?.[1] ?? 'collector'
}

function rightText({ access }: Route): string {
  if (access === 'anyone') return 'Anyone may ask.'
  if (access === 'identified') return 'Whoever has a token may ask.'
  return `Needs the right to ${access.verb} ${access.resource}.`
}

function requestOf({ params, query, body, bodyType }: Route) {
  const type = bodyType === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  return {
    ...(params ? { params } : {}),
    ...(query ? { query } : {}),
    ...(body ? { body: { required: false, content: { [type]: { schema: body } } } } : {}),
  }
}

function responseOf(answer: Answer) {
  const { description: text } = answer
  if ('schema' in answer) return { description: text, content: { 'application/json': { schema: answer.schema } } }
  if (!('contentType' in answer)) return { description: text }
  const content = Object.fromEntries(mediaTypesOf(answer).map(type => [type, { schema: { type: 'string' as const } }]))
  return { description: text, content }
}

function problemsOf({ problems, access, body, answer }: Route) {
  const content = { 'application/problem+json': { schema: ProblemSchema } }
  const statuses = new Set([...common, ...problems])
  if (access !== 'anyone') for (const status of ofIdentified) statuses.add(status)
  if (mediaTypesOf(answer).length > 0) for (const status of ofContent) statuses.add(status)
  if (body) for (const status of ofBody) statuses.add(status)
  return Object.fromEntries([...statuses].sort().map(status => [status, { description: 'a problem', content }]))
}
