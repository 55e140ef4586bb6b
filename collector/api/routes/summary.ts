// GET /api/v1/summary: the fleet in a few numbers.
import { fleetSummary } from '../fleet-summary.ts'
import { defineRoute } from '../route.ts'
import { SummarySchema } from '../schemas.ts'

export const getSummary = defineRoute({
  path: '/api/v1/summary',
  summary: 'The fleet in a few numbers',
  access: { resource: 'summary', verb: 'get' },
  answer: { status: 200, description: 'the numbers', schema: SummarySchema },
  handle: (_, context) => fleetSummary(context),
})
