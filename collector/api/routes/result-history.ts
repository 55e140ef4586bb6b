// GET /api/v1/hosts/{id}/results/{check}/history: how one check stood on one host over time, newest first.
import * as z from 'zod'
import { idParameter, pageParameters, pageRequest } from '../parameters.ts'
import { requireHost } from '../require-host.ts'
import { defineRoute } from '../route.ts'
import { pageOf, ResultHistorySchema } from '../schemas.ts'

export const listResultHistory = defineRoute({
  path: '/api/v1/hosts/{id}/results/{check}/history',
  summary: 'How one check stood on one host over time, newest first',
  access: { resource: 'results', verb: 'list' },
  params: z.strictObject({ id: idParameter, check: z.string().min(1).max(200) }),
  query: z.strictObject(pageParameters),
  answer: { status: 200, description: 'a page of stretches of time', schema: pageOf(ResultHistorySchema) },
  problems: [404],
  handle: async ({ params, query }, { read }) => {
    await requireHost(read, params.id)
    return read.resultHistory(params.id, params.check, pageRequest(query))
  },
})
