// POST /api/v1/hosts/{id}/rescan: asks an agent to look again.
import * as z from 'zod'
import { facetParameter, idParameter } from '../parameters.ts'
import { Problem } from '../problem.ts'
import { requireHost } from '../require-host.ts'
import { defineRoute } from '../route.ts'
import { RescanSchema } from '../schemas.ts'

export const rescanHost = defineRoute({
  method: 'post',
  path: '/api/v1/hosts/{id}/rescan',
  summary: 'Asks the agent of a host to read facets again',
  access: { resource: 'rescans', verb: 'create' },
  params: z.strictObject({ id: idParameter }),
  body: z.strictObject({ facets: z.array(facetParameter).max(128).optional().describe('all when left out') }),
  answer: { status: 202, description: 'the agent was asked', schema: RescanSchema },
  problems: [404, 409],
  handle: async ({ params, body }, { read, agents, requestId, log }) => {
    await requireHost(read, params.id)
    const asked = await agents.rescan(params.id, body.facets ?? [])
    if (!asked) throw new Problem(409, `host ${params.id} is not connected`)
    log.info('asked to read again', { hostId: params.id, requestId, facets: body.facets ?? [] })
    return { requestId }
  },
})
