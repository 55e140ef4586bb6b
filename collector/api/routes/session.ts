// Sessions: who asks, and logins of browsers by an API token.
import * as z from 'zod'
import { isoTime } from '../../../runtime/clock.ts'
import { defineRoute } from '../route.ts'
import { NewSessionSchema, SessionSchema } from '../schemas.ts'

export const getSession = defineRoute({
  path: '/api/v1/session',
  summary: 'Who asks, and what it may see',
  access: 'identified',
  answer: { status: 200, description: 'who asks', schema: SessionSchema },
  handle: async (_, { principal: { kind, name, role, scope, expiresAtMs } }) => ({
    ...{ kind, name, role, labels: scope, expiresAt: expiresAtMs === 0 ? '' : isoTime(expiresAtMs) },
  }),
})

export const beginSession = defineRoute({
  method: 'post',
  path: '/api/v1/session',
  summary: 'Logs a browser in: the answer sets a cookie',
  access: 'anyone',
  body: z.strictObject({ token: z.string().min(1).max(200).describe('an API token') }),
  answer: { status: 201, description: 'the session', schema: NewSessionSchema },
  problems: [401],
  handle: async ({ body }, { sessions }) => {
    const { expiresAtMs } = await sessions.begin(body.token)
    return { expiresAt: isoTime(expiresAtMs) }
  },
})

export const endSession = defineRoute({
  method: 'delete',
  path: '/api/v1/session',
  summary: 'Logs out',
  access: 'identified',
  answer: { status: 204, description: 'the session has ended' },
  handle: async (_, { sessions }) => sessions.end(),
})
