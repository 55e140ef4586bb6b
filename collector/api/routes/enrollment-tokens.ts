// Enrollment tokens: what lets bare hosts enroll.
import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { formatEnrollmentString } from '../../../runtime/enrollment-string.ts'
import { hashSecret } from '../../domain/enrollment.ts'
import { inMemoryPage } from '../in-memory-page.ts'
import { labelsParameter, pageParameters, pageRequest, ttlParameter } from '../parameters.ts'
import { enrollmentTokenView } from '../present.ts'
import { Problem } from '../problem.ts'
import { defineRoute } from '../route.ts'
import { EnrollmentTokenSchema, NewEnrollmentTokenSchema, pageOf } from '../schemas.ts'

export const listEnrollmentTokens = defineRoute({
  path: '/api/v1/enrollment-tokens',
  summary: 'Enrollment tokens and how often they were used; never their secrets',
  access: { resource: 'enrollmenttokens', verb: 'list' },
  query: z.strictObject(pageParameters),
  answer: { status: 200, description: 'a page of tokens, by id', schema: pageOf(EnrollmentTokenSchema) },
  handle: async ({ query }, { read, clock }) => {
    const items = (await read.tokens()).map(token => enrollmentTokenView(token, clock.now()))
    return inMemoryPage('enrollment-tokens', items, pageRequest(query))
  },
})

export const createEnrollmentToken = defineRoute({
  method: 'post',
  path: '/api/v1/enrollment-tokens',
  summary: 'Makes an enrollment token; the string for `gabion-agent enroll` is answered once',
  access: { resource: 'enrollmenttokens', verb: 'create' },
  body: z.strictObject({
    description: z.string().max(200).default(''),
    labels: labelsParameter.default({}).describe('labels of every host that uses it'),
    maxUses: z.int().min(1).max(999_999).default(1).describe('how many hosts may use it'),
    needsApproval: z.boolean().default(false).describe('each host waits until it is approved'),
    ttlSeconds: ttlParameter(366).default(3_600).describe('how long it may be used'),
  }),
  answer: { status: 201, description: 'the token', schema: NewEnrollmentTokenSchema },
  problems: [409],
  handle: async ({ body: { ttlSeconds, ...given } }, { changes, clock, enrollment }) => {
    if (!enrollment) throw new Problem(409, 'hosts do not enroll here: the collector serves agents without TLS')
    const { endpoint, pin } = enrollment()
    const id = randomBytes(5).toString('hex')
    const secret = randomBytes(32)
    const createdAtMs = clock.now()
    const expiresAtMs = createdAtMs + ttlSeconds * 1_000
    const token = { ...given, id, createdAtMs, expiresAtMs, uses: 0, revokedAtMs: 0 }
    await changes.fleet(
      id,
      transaction => transaction.putToken({ ...token, secretHash: hashSecret(secret) }).then(() => true),
      { ...given, expiresAt: new Date(expiresAtMs).toISOString() },
    )
    const text = formatEnrollmentString({ endpoint, pin, tokenId: id, secret: secret.toString('hex') })
    return { ...enrollmentTokenView(token, createdAtMs), enrollmentString: text }
  },
})

export const revokeEnrollmentToken = defineRoute({
  method: 'delete',
  path: '/api/v1/enrollment-tokens/{id}',
  summary: 'Revokes an enrollment token; hosts that enrolled with it stay',
  access: { resource: 'enrollmenttokens', verb: 'delete' },
  params: z.strictObject({ id: z.string().regex(/^[0-9a-z]{1,32}$/, 'expected the id of a token') }),
  answer: { status: 204, description: 'nobody uses it any more' },
  problems: [404],
  handle: async ({ params: { id } }, { changes, clock }) => {
    const isRevoked = await changes.fleet(id, transaction => transaction.revokeToken(id, clock.now()))
    if (!isRevoked) throw new Problem(404, `no enrollment token ${id} is in force`)
  },
})
