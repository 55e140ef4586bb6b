// Tokens of the API: who may use it.
import * as z from 'zod'
import { newApiToken } from '../../auth/access/api-token.ts'
import { apiRoles } from '../../store/access-records.ts'
import { labelsParameter, pageParameters, pageRequest, ttlParameter } from '../parameters.ts'
import { apiTokenView } from '../present.ts'
import { Problem } from '../problem.ts'
import { defineRoute } from '../route.ts'
import { ApiTokenSchema, NewApiTokenSchema, pageOf } from '../schemas.ts'

const defaultDays = 90

export const listApiTokens = defineRoute({
  path: '/api/v1/api-tokens',
  summary: 'Tokens of the API, the newest first; never their secrets',
  access: { resource: 'apitokens', verb: 'list' },
  query: z.strictObject(pageParameters),
  answer: { status: 200, description: 'a page of tokens', schema: pageOf(ApiTokenSchema) },
  handle: async ({ query }, { read, clock }) => {
    const { items, ...page } = await read.apiTokens(pageRequest(query))
    return { items: items.map(token => apiTokenView(token, clock.now())), ...page }
  },
})

export const createApiToken = defineRoute({
  method: 'post',
  path: '/api/v1/api-tokens',
  summary: 'Makes a token of the API; its text is answered once',
  access: { resource: 'apitokens', verb: 'create' },
  body: z.strictObject({
    role: z.enum(apiRoles).describe('viewer reads; operator works on hosts and enrollments; admin may everything'),
    description: z.string().max(200).default('').describe('what it is for'),
    labels: labelsParameter.default({}).describe('only hosts with all of these labels are there for it'),
    ttlSeconds: ttlParameter(366)
      .default(defaultDays * 86_400)
      .describe('how long it is good'),
  }),
  answer: { status: 201, description: 'the token', schema: NewApiTokenSchema },
  handle: async ({ body: { role, description, labels, ttlSeconds } }, { changes, principal, clock }) => {
    const { id, text, secretHash } = newApiToken()
    const createdAtMs = clock.now()
    const token = {
      ...{ id, description, role, labels, createdAtMs, createdBy: principal.name },
      ...{ expiresAtMs: createdAtMs + ttlSeconds * 1_000, lastUsedAtMs: 0, revokedAtMs: 0 },
    }
    await changes.fleet(id, transaction => transaction.putApiToken({ ...token, secretHash }).then(() => true), {
      ...{ role, labels, description, expiresAt: new Date(token.expiresAtMs).toISOString() },
    })
    return { ...apiTokenView(token, createdAtMs), token: text }
  },
})

export const revokeApiToken = defineRoute({
  method: 'delete',
  path: '/api/v1/api-tokens/{id}',
  summary: 'Revokes a token of the API and ends its sessions',
  access: { resource: 'apitokens', verb: 'delete' },
  params: z.strictObject({ id: z.string().regex(/^[0-9a-f]{1,32}$/, 'expected the id of a token') }),
  answer: { status: 204, description: 'it is good no more' },
  problems: [404],
  handle: async ({ params: { id } }, { changes, clock }) => {
    const isRevoked = await changes.fleet(id, transaction => transaction.revokeApiToken(id, clock.now()))
    if (!isRevoked) throw new Problem(404, `no token ${id} is in force`)
  },
})
