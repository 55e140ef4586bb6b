// GET /api/v1/findings: what fails, the severest first.
import * as z from 'zod'
import { severities } from '../../../policy/check.ts'
import { idParameter, pageParameters, pageRequest } from '../parameters.ts'
import { defineRoute } from '../route.ts'
import { pageOf, ResultSchema } from '../schemas.ts'

export const listFindings = defineRoute({
  path: '/api/v1/findings',
  summary: 'Failing results of the fleet, the severest first',
  access: { resource: 'findings', verb: 'list' },
  query: z.strictObject({
    severity: z.enum(severities).optional(),
    check: z.string().min(1).max(200).optional().describe('id of a check'),
    host: idParameter.optional().describe('id of a host'),
    ...pageParameters,
  }),
  answer: { status: 200, description: 'a page of results', schema: pageOf(ResultSchema) },
  handle: ({ query }, { read }) => {
    const { severity, check, host } = query
    const filter = {
      state: 'fail',
      ...(severity === undefined ? {} : { severity }),
      ...(check === undefined ? {} : { check }),
      ...(host === undefined ? {} : { hostId: host }),
    } as const
    return read.results(filter, pageRequest(query))
  },
})
