// GET /api/v1/query: one question to the facts of every host, answered as it is found.
import * as z from 'zod'
import { QueryFailed } from '../../query/query-lane.ts'
import { queryProblem } from '../query-problems.ts'
import type { RequestContext } from '../request-context.ts'
import { defineRoute } from '../route.ts'

export const queryFleet = defineRoute({
  path: '/api/v1/query',
  summary: 'Hosts whose facts a CEL expression is true of, or its value on each',
  access: { resource: 'facets', verb: 'list' },
  query: z.strictObject({
    expr: z
      .string()
      .min(1)
      .max(4_000)
      .describe('CEL over the facts of a host, such as `ports.listeners.exists(l, l.port == 23)`'),
    all: z.enum(['true', 'false']).optional().describe('also hosts that it is false of, or not known'),
  }),
  answer: {
    status: 200,
    description: 'a line of JSON for each host; the last one is a summary, or an error that ended it early',
    contentType: 'application/x-ndjson',
  },
  problems: [503],
  handle: async ({ query: { expr, all } }, context) => {
    const request = {
      expression: expr,
      scope: context.principal.scope,
      nowMs: context.clock.now(),
      all: all === 'true',
    }
    const answers = context.queries.ask(request, context.signal)
    // What cannot begin is a problem; once rows were sent it is a line.
    const first = await answers.next().catch(error => {
      if (!(error instanceof QueryFailed)) throw queryProblem(error, 'expr')
      return { done: false as const, value: failure(error) }
    })
    return lines(first, answers)
  },
})

type Answers = ReturnType<RequestContext['queries']['ask']>
type Failure = { readonly error: string }

async function* lines(
  first: Awaited<ReturnType<Answers['next']>> | { readonly done: false; readonly value: Failure },
  rest: Answers,
) {
  try {
    for (let step = first; !step.done; step = await rest.next()) {
      const { value } = step
      if (Array.isArray(value)) yield value.map(row => `${JSON.stringify(row)}\n`).join('')
      else yield `${JSON.stringify('error' in value ? value : { summary: value })}\n`
    }
  } catch (error) {
    yield `${JSON.stringify(failure(error))}\n`
  } finally {
    await rest.return(undefined)
  }
}

function failure(error: unknown): Failure {
  if (error instanceof QueryFailed) return { error: error.message }
  throw error
}
