// What sets few hosts apart from the many that are like them, in one facet: of hosts with labels, and of a cohort.
import * as z from 'zod'
import { cohortId } from '../../../policy/cohorts.ts'
import { isoTime } from '../../../runtime/clock.ts'
import type { KeptReport } from '../../query/kept-reports.ts'
import type { OutlierRequest } from '../../query/query-messages.ts'
import { OutliersSchema } from '../cohort-schemas.ts'
import { hostSelection, labelsWithin } from '../host-selection.ts'
import { defaultLimit, facetParameter, limitParameter } from '../parameters.ts'
import { queryProblem } from '../query-problems.ts'
import type { RequestContext } from '../request-context.ts'
import { requireCohort } from '../require-cohort.ts'
import { type Answer, defineRoute } from '../route.ts'

const facet = facetParameter.describe('that is compared')
const limit = limitParameter('outliers that are told')
const access = { resource: 'facets', verb: 'list' } as const
const answer: Answer = { status: 200, description: 'differences that few hosts have', schema: OutliersSchema }

export const listOutliers = defineRoute({
  path: '/api/v1/outliers',
  summary: 'What sets few hosts apart from the many with the same labels, in one facet; the rarest first',
  access,
  query: z.strictObject({
    facet,
    label: hostSelection.label.describe('key=value of a label; repeated, hosts that have all of them'),
    limit,
  }),
  answer,
  problems: [503],
  handle: async ({ query: { facet, label = [], limit = defaultLimit } }, context) => {
    const scope = labelsWithin(label, context.principal.scope)
    return scope ? outliers({ outliersOf: facet, scope, limit }, context) : ofNobody(facet, context)
  },
})

export const listCohortOutliers = defineRoute({
  path: '/api/v1/cohorts/{id}/outliers',
  summary: 'What sets few hosts of a cohort apart from the others, in one facet; the rarest first',
  access,
  params: z.strictObject({ id: cohortId }),
  query: z.strictObject({ facet, limit }),
  answer,
  problems: [404, 503],
  handle: async ({ params: { id }, query: { facet, limit = defaultLimit } }, context) => {
    await requireCohort(context.read, id)
    return outliers({ outliersOf: facet, cohort: id, scope: context.principal.scope, limit }, context)
  },
})

async function outliers(request: OutlierRequest, { queries, signal }: RequestContext): Promise<KeptReport> {
  return queries.outliers(request, signal).catch(error => {
    throw queryProblem(error)
  })
}

function ofNobody(facet: string, { clock }: RequestContext): KeptReport {
  const none = { hosts: 0, unknown: 0, states: 0, alike: 0, found: 0, items: [] }
  return { facet, ...none, text: `${facet} of no host is known`, at: isoTime(clock.now()) }
}
