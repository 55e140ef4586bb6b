// GET /api/v1/results and /api/v1/hosts/{id}/results: how checks stand, the severest first.
import * as z from 'zod'
import { resultStates, severities } from '../../../policy/check.ts'
import { isoTime } from '../../../runtime/clock.ts'
import type { ScopedReader } from '../../domain/scoped-reader.ts'
import type { ResultFilter } from '../../store/records.ts'
import { idParameter, pageParameters, pageRequest, timeParameter } from '../parameters.ts'
import { Problem } from '../problem.ts'
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
  summary: 'Results of one host, the severest first, now or at a time',
  access: { resource: 'results', verb: 'list' },
  params: z.strictObject({ id: idParameter }),
  query: z.strictObject({
    ...filters,
    at: timeParameter.optional().describe('the results that stood then, without waivers'),
    ...pageParameters,
  }),
  answer,
  problems: [404, 410],
  handle: async ({ params, query }, { read }) => {
    await requireHost(read, params.id)
    if (query.at !== undefined) return resultsAt(read, params.id, query.at, query)
    return read.results(filterOf(query, params.id), pageRequest(query))
  },
})

type Query = Given & Parameters<typeof pageRequest>[0]

async function resultsAt(
  read: Pick<ScopedReader, 'resultsAt' | 'prunedBefore'>,
  hostId: string,
  atMs: number,
  query: Query,
) {
  if (query.waived !== undefined) throw new Problem(400, 'waived: nobody kept what was waived at that time')
  const keptMs = await read.prunedBefore('endedResults')
  if (atMs < keptMs) throw new Problem(410, `results that ended before ${isoTime(keptMs)} are no longer kept`)
  return read.resultsAt({ ...filterOf(query, undefined), hostId, atMs }, pageRequest(query))
}

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
