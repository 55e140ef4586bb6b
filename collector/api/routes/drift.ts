// GET /api/v1/drift: what changed in the fleet, newest first.
import * as z from 'zod'
import { driftKinds } from '../../store/records.ts'
import { idParameter, pageParameters, pageRequest, timeParameter } from '../parameters.ts'
import { defineRoute } from '../route.ts'
import { DriftSchema, pageOf } from '../schemas.ts'

export const listDrift = defineRoute({
  path: '/api/v1/drift',
  summary: 'Changes of facts, facets and results, newest first',
  access: { resource: 'drift', verb: 'list' },
  query: z.strictObject({
    host: idParameter.optional().describe('id of a host'),
    subject: z.string().min(1).max(200).optional().describe('facet name or check id'),
    kind: z.enum(driftKinds).optional().describe('deviation: from what is pinned for a cohort'),
    since: timeParameter.optional().describe('not before this time'),
    ...pageParameters,
  }),
  answer: { status: 200, description: 'a page of changes', schema: pageOf(DriftSchema) },
  handle: ({ query }, { read }) => {
    const { host, subject, kind, since } = query
    const filter = {
      ...(host === undefined ? {} : { hostId: host }),
      ...(subject === undefined ? {} : { subject }),
      ...(kind === undefined ? {} : { kind }),
      ...(since === undefined ? {} : { sinceMs: since }),
    }
    return read.drift(filter, pageRequest(query))
  },
})
