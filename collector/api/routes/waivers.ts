// Waivers: failures that somebody accepted, what becomes of each, and until when.
import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { matchesGlob } from '../../../policy/host-selector.ts'
import { WaiverSchema as GivenSchema, type RawWaiver, waiverOfRecord } from '../../../policy/policy-file.ts'
import type { Waiver } from '../../../policy/waivers.ts'
import type { WaiverRecord } from '../../store/records.ts'
import { inMemoryPage } from '../in-memory-page.ts'
import { pageParameters, pageRequest } from '../parameters.ts'
import { Problem } from '../problem.ts'
import type { RequestContext } from '../request-context.ts'
import { requireSound } from '../require-sound.ts'
import { defineRoute } from '../route.ts'
import { pageOf, WaiverSchema } from '../schemas.ts'

const noticeMs = 30 * 86_400_000

export const listWaivers = defineRoute({
  path: '/api/v1/waivers',
  summary: 'Waivers in force, with the results that each accepts',
  access: { resource: 'waivers', verb: 'list' },
  query: z.strictObject({
    use: z.enum(['used', 'unused', 'expired']).optional().describe('what becomes of it now'),
    ...pageParameters,
  }),
  answer: { status: 200, description: 'a page of waivers, by id', schema: pageOf(WaiverSchema) },
  handle: async ({ query }, { read, clock }) => {
    const waivers = (await read.waivers()).map(waiver => withUse(waiver, clock.now()))
    const asked = waivers.filter(({ use }) => query.use === undefined || use === query.use)
    return inMemoryPage('waivers', asked, pageRequest(query))
  },
})

function withUse(waiver: WaiverRecord, nowMs: number) {
  const leftMs = Date.parse(waiver.expiresAt) - nowMs
  const use = leftMs <= 0 ? ('expired' as const) : waiver.results > 0 ? ('used' as const) : ('unused' as const)
  return { ...waiver, use, expiresSoon: leftMs > 0 && leftMs <= noticeMs }
}

const waiverId = z.string().regex(/^[^\p{C}/]{1,200}$/u, 'expected the id of a waiver')
const params = z.strictObject({ id: waiverId })

export const createWaiver = defineRoute({
  method: 'post',
  path: '/api/v1/waivers',
  summary: 'Accepts a failure for a time; in force at once, on every host that it is meant for',
  access: { resource: 'waivers', verb: 'create' },
  body: GivenSchema.extend({
    id: waiverId.optional().describe('made up when it is left out'),
    reason: z.string().min(1).max(2_000),
    check: z.string().min(1).max(200).describe('id of a check, or a glob over ids'),
    expires: GivenSchema.shape.expires.describe('a day, the last one of the waiver in UTC, or a time'),
  }),
  answer: { status: 201, description: 'the waiver', schema: WaiverSchema },
  problems: [409],
  handle: async ({ body }, context) => {
    const waiver = requireFitting({ ...body, id: body.id ?? `w-${randomBytes(5).toString('hex')}` }, context)
    const isAdded = await context.changes.fleet(waiver.id, transaction => transaction.addWaiver(waiver), { ...waiver })
    if (!isAdded) throw new Problem(409, `there is a waiver ${waiver.id} already`)
    await context.enforceWaivers()
    return withUse({ ...waiver, source: 'api', results: 0 }, context.clock.now())
  },
})

export const getWaiver = defineRoute({
  path: '/api/v1/waivers/{id}',
  summary: 'One waiver in force',
  access: { resource: 'waivers', verb: 'get' },
  params,
  answer: { status: 200, description: 'the waiver', schema: WaiverSchema },
  problems: [404],
  handle: async ({ params: { id } }, { read, clock }) => withUse(await requireWaiver(id, read), clock.now()),
})

export const deleteWaiver = defineRoute({
  method: 'delete',
  path: '/api/v1/waivers/{id}',
  summary: 'Ends a waiver that was made over the API: what it accepted counts again',
  access: { resource: 'waivers', verb: 'delete' },
  params,
  answer: { status: 204, description: 'it accepts nothing any more' },
  problems: [404, 409],
  handle: async ({ params: { id } }, { read, changes, enforceWaivers }) => {
    const { source } = await requireWaiver(id, read)
    if (source === 'file') throw new Problem(409, `waiver ${id} stands in a file: remove it there`)
    const isRemoved = await changes.fleet(id, transaction => transaction.removeWaiver(id))
    if (!isRemoved) throw new Problem(404, `there is no waiver ${id}`)
    await enforceWaivers()
  },
})

async function requireWaiver(id: string, read: Pick<RequestContext['read'], 'waivers'>): Promise<WaiverRecord> {
  const found = (await read.waivers()).find(waiver => waiver.id === id)
  if (!found) throw new Problem(404, `there is no waiver ${id}`)
  return found
}

function requireFitting(given: RawWaiver, { catalog, clock }: Pick<RequestContext, 'catalog' | 'clock'>): Waiver {
  const waiver = requireSound(() => waiverOfRecord(given))
  if (!catalog.checks.some(({ id }) => matchesGlob(waiver.check, id))) {
    throw new Problem(400, `check ${waiver.check} is not in the policy in force`)
  }
  if (Date.parse(waiver.expiresAt) <= clock.now()) throw new Problem(400, `expires: ${waiver.expiresAt} is over`)
  return waiver
}
