// GET /api/v1/checks: the catalog in force with how the fleet stands on it; GET /api/v1/checks/{id}: one check.
import * as z from 'zod'
import type { Catalog, Check } from '../../../policy/check.ts'
import { severities } from '../../../policy/check.ts'
import type { CheckRecord } from '../../store/records.ts'
import { countsOf, emptyTally } from '../../store/tally.ts'
import { inMemoryPage } from '../in-memory-page.ts'
import { pageParameters, pageRequest } from '../parameters.ts'
import { Problem } from '../problem.ts'
import type { RequestContext } from '../request-context.ts'
import { defineRoute } from '../route.ts'
import { CheckSchema, CheckSummarySchema, pageOf } from '../schemas.ts'

export const listChecks = defineRoute({
  path: '/api/v1/checks',
  summary: 'Checks of the catalog and on how many hosts each stands how',
  access: { resource: 'checks', verb: 'list' },
  query: z.strictObject({
    severity: z.enum(severities).optional(),
    profile: z.string().min(1).max(200).optional().describe('checks of this profile only'),
    ...pageParameters,
  }),
  answer: { status: 200, description: 'a page of checks, by id', schema: pageOf(CheckSummarySchema) },
  handle: async ({ query }, context) => {
    const counts = await countsByCheck(context)
    const profiles = profilesByCheck(context.catalog)
    const items = context.catalog.checks
      .filter(check => query.severity === undefined || check.severity === query.severity)
      .map(check => summaryOf(check, profiles, counts))
      .filter(check => query.profile === undefined || check.profiles.includes(query.profile))
    return inMemoryPage('checks', items, pageRequest(query))
  },
})

export const getCheck = defineRoute({
  path: '/api/v1/checks/{id}',
  summary: 'One check: what it asks, why, what to do, and how the fleet stands',
  access: { resource: 'checks', verb: 'get' },
  params: z.strictObject({ id: z.string().min(1).max(200) }),
  answer: { status: 200, description: 'the check', schema: CheckSchema },
  problems: [404],
  handle: async ({ params }, context) => {
    const check = context.catalog.checks.find(({ id }) => id === params.id)
    if (!check) throw new Problem(404, `the catalog has no check ${params.id}`)
    const { tests: _, ...shown } = check
    return { ...shown, ...summaryOf(check, profilesByCheck(context.catalog), await countsByCheck(context)) }
  },
})

type Counts = ReadonlyMap<string, Pick<CheckRecord, 'counts' | 'waived'>>

async function countsByCheck({ read }: Pick<RequestContext, 'read'>): Promise<Counts> {
  return new Map((await read.checks()).map(({ check, ...counts }) => [check, counts]))
}

type Profiles = ReadonlyMap<string, readonly string[]>

function profilesByCheck({ profiles }: Catalog): Profiles {
  const found = new Map<string, string[]>()
  for (const { id, checks } of profiles) {
    for (const check of checks) found.set(check, [...(found.get(check) ?? []), id])
  }
  return found
}

function summaryOf({ id, title, severity }: Check, profiles: Profiles, counts: Counts) {
  return {
    id,
    title,
    severity,
    profiles: profiles.get(id) ?? [],
    ...(counts.get(id) ?? { counts: countsOf(emptyTally), waived: 0 }),
  }
}
