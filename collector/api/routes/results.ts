// GET /api/v1/results and /api/v1/hosts/{id}/results: how checks stand, the severest first.
import * as z from 'zod'
import { resultStates, severities } from '../../../policy/check.ts'
import type { ResultFilter } from '../../store/records.ts'
import { idParameter, pageParameters, pageRequest } from '../parameters.ts'
import { requireHost } from '../require-host.ts'
import { defineRoute } from '../route.ts'
import { pageOf, ResultSchema } from '../schemas.ts'

const filters = {
  state: z.enum(resultStates).optional(),
  severity: z.enum(severities).optional(),
  check: z.string().min(1).max(200).optional().describe('id of a check'),
  waived: z.enum(['true', 'false']).optional().describe('only what is waived, or what is not'),
}
const answer = { status: 200, description: 'a page of results', schema: pageOf(ResultSchema) } as const

export const listResults = defineRoute({
  path: '/api/v1/results',
  summary: 'Results of the fleet, the severest first',
  access: { resource: 'results', verb: 'list' },
  query: z.strictObject({ ...filters, host: idParameter.optional().describe('id of a host'), ...pageParameters }),
  answer,
  handle: ({ query }, { read }) => read.results(filterOf(query, query.host), pageRequest(query)),
})

export const listHostResults = defineRoute({
  path: '/api/v1/hosts/{id}/results',
  summary: 'Results of one host, the severest first',
  access: { resource: 'results', verb: 'list' },
  params: z.strictObject({ id: idParameter }),
  query: z.strictObject({ ...filters, ...pageParameters }),
  answer,
  problems: [404],
  handle: async ({ params, query }, { read }) => {
    await requireHost(read, params.id)
    return read.results(filterOf(query, params.id), pageRequest(query))
  },
})

type Given = { readonly [K in 'state' | 'severity' | 'check']?: ResultFilter[K] | undefined } & {
  readonly waived?: 'true' | 'false' | undefined
}

function filterOf({ state, severity, check, waived }: Given, hostId: string | undefined): ResultFilter {
  return {
    ...(state === undefined ? {} : { state }),
    ...(severity === undefined ? {} : { severity }),
    ...(check === undefined ? {} : { check }),
    ...(waived === undefined ? {} : { waived: waived === 'true' }),
    ...(hostId === undefined ? {} : { hostId }),
  }
}
