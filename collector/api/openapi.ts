// The OpenAPI document, from the same schemas that validate requests.
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { version } from '../../runtime/version.ts'
import { ProblemSchema, type ProblemStatus } from './problem.ts'
import type { Answer, Route } from './route.ts'

/** Problems that any route may answer. */
const common: readonly ProblemStatus[] = [400, 405, 421, 500]

export function openApiDocument(routes: readonly Route[]): object {
  const registry = new OpenAPIRegistry()
  for (const route of routes) {
    registry.registerPath({
      method: route.method,
      path: route.path,
      summary: route.summary,
      request: requestOf(route),
      responses: { [route.answer.status]: responseOf(route.answer), ...problemsOf(route) },
    })
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Gabion collector',
      version,
      description: 'What every host of the fleet is, how it stands against the checks, and what changed.',
    },
  })
}

function requestOf({ params, query, body }: Route) {
  return {
    ...(params ? { params } : {}),
    ...(query ? { query } : {}),
    ...(body ? { body: { required: false, content: { 'application/json': { schema: body } } } } : {}),
  }
}

function responseOf(answer: Answer) {
  const content =
    'schema' in answer
      ? { 'application/json': { schema: answer.schema } }
      : { [answer.contentType.split(';')[0] ?? 'text/plain']: { schema: { type: 'string' as const } } }
  return { description: answer.description, content }
}

function problemsOf({ problems }: Route) {
  const content = { 'application/problem+json': { schema: ProblemSchema } }
  return Object.fromEntries(
    [...common, ...problems].sort().map(status => [status, { description: 'a problem', content }]),
  )
}
