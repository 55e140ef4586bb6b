// GET /api/v1/outliers: what sets few hosts apart from the many that are like them, in one facet.
import * as z from 'zod'
import { QueryFailed, QueryMistake, TooManyQueries } from '../../query/fleet-queries.ts'
import { hostSelection } from '../host-selection.ts'
import { facetParameter } from '../parameters.ts'
import { Problem } from '../problem.ts'
import { defineRoute } from '../route.ts'
import { OutliersSchema } from '../schemas.ts'

export const listOutliers = defineRoute({
  path: '/api/v1/outliers',
  summary: 'What sets few hosts apart from the many with the same labels, in one facet; the rarest first',
  access: { resource: 'facets', verb: 'list' },
  query: z.strictObject({
    facet: facetParameter.describe('that is compared'),
    label: hostSelection.label.describe('key=value of a label; repeated, hosts that have all of them'),
    limit: z
      .string()
      .regex(/^([1-9]\d?|[1-4]\d\d|500)$/, 'expected a number from 1 to 500')
      .transform(Number)
      .optional()
      .meta({ type: 'integer', minimum: 1, maximum: 500, default: 50, description: 'outliers that are told' }),
  }),
  answer: { status: 200, description: 'differences that few hosts have', schema: OutliersSchema },
  problems: [503],
  handle: async ({ query: { facet, label = [], limit = 50 } }, { queries, principal, signal }) => {
    const labels = Object.fromEntries(label.map(({ key, value }) => [key, value]))
    // What who asks may see holds whatever is asked for.
    const isHidden = Object.entries(principal.scope).some(([key, value]) => (labels[key] ?? value) !== value)
    if (isHidden) return { facet, hosts: 0, unknown: 0, states: 0, found: 0, items: [] }
    try {
      return await queries.outliers({ outliersOf: facet, scope: { ...labels, ...principal.scope }, limit }, signal)
    } catch (error) {
      if (error instanceof QueryMistake) throw new Problem(400, error.message)
      if (error instanceof TooManyQueries || error instanceof QueryFailed) throw new Problem(503, error.message)
      throw error
    }
  },
})
