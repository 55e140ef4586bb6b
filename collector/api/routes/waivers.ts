// GET /api/v1/waivers: failures that somebody accepted, what becomes of each, and until when.
import * as z from 'zod'
import type { WaiverRecord } from '../../store/records.ts'
import { inMemoryPage } from '../in-memory-page.ts'
import { pageParameters, pageRequest } from '../parameters.ts'
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
