// GET /api/v1/events: drift as it happens, as server-sent events; it goes on where a reader left off.
import * as z from 'zod'
import { driftEvents } from '../drift-events.ts'
import { Problem } from '../problem.ts'
import { defineRoute } from '../route.ts'

const id = z.string().regex(/^\d{1,15}$/, 'expected the id of a change')

export const streamEvents = defineRoute({
  path: '/api/v1/events',
  summary: 'Drift as it happens: server-sent events named drift, with the id of the change',
  access: { resource: 'events', verb: 'list' },
  query: z.strictObject({
    after: id.optional().describe('begins after that change; the header Last-Event-ID says the same and goes over it'),
  }),
  answer: { status: 200, description: 'a stream that does not end by itself', contentType: 'text/event-stream' },
  problems: [503],
  handle: async ({ query }, context) => {
    const given = context.lastEventId === '' ? query.after : context.lastEventId
    if (given !== undefined && !id.safeParse(given).success) {
      throw new Problem(400, 'Last-Event-ID: expected the id of a change')
    }
    const after = given === undefined ? (await context.read.fleet()).lastDriftId : Number(given)
    context.reply.header('cache-control', 'no-store')
    context.reply.header('x-accel-buffering', 'no')
    return driftEvents(after, context)
  },
})
