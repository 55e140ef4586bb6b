// GET /api/v1/findings: what fails, the severest first.
import * as z from 'zod'
import { severities } from '../../../policy/check.ts'
import { idParameter, pageParameters, pageRequest, timeParameter } from '../parameters.ts'
import { Problem } from '../problem.ts'
import { defineRoute } from '../route.ts'
import { pageOf, ResultSchema } from '../schemas.ts'

export const listFindings = defineRoute({
  path: '/api/v1/findings',
  summary: 'Failing results of the fleet, the severest or the oldest first',
  access: { resource: 'findings', verb: 'list' },
  query: z.strictObject({
    severity: z.enum(severities).optional(),
    check: z.string().min(1).max(200).optional().describe('id of a check'),
    host: idParameter.optional().describe('id of a host'),
    sort: z
      .enum(['severity', 'oldest', 'newest'])
      .optional()
      .describe('the severest (default), oldest or newest first'),
    failingBefore: timeParameter.optional().describe('failing since before this time; the oldest come first then'),
    failingFrom: timeParameter.optional().describe('failing since this time or later; the oldest come first then'),
    ...pageParameters,
  }),
  answer: { status: 200, description: 'a page of results', schema: pageOf(ResultSchema) },
  handle: async ({ query }, { read }) => {
    const { severity, check, host, failingBefore, failingFrom } = query
    const filter = {
      ...(severity === undefined ? {} : { severity }),
      ...(check === undefined ? {} : { check }),
      ...(host === undefined ? {} : { hostId: host }),
    }
    const isByAge = failingBefore !== undefined || failingFrom !== undefined
    const sort = query.sort ?? (isByAge ? 'oldest' : 'severity')
    if (sort !== 'severity') {
      const ages = {
        ...(failingBefore === undefined ? {} : { failingBeforeMs: failingBefore }),
        ...(failingFrom === undefined ? {} : { failingFromMs: failingFrom }),
      }
      return read.failing({ ...filter, ...ages, sort }, pageRequest(query))
    }
    if (isByAge) throw new Problem(400, 'sort: findings of an age are sorted by it')
    return read.results({ ...filter, state: 'fail' }, pageRequest(query))
  },
})
