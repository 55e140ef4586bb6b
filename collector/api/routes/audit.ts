// GET /api/v1/audit: who changed what, or tried to, the latest first.
import * as z from 'zod'
import { isoTime } from '../../../runtime/clock.ts'
import { type AuditFilter, auditOutcomes } from '../../store/access-records.ts'
import { pageParameters, pageRequest, timeParameter } from '../parameters.ts'
import { defineRoute } from '../route.ts'
import { AuditSchema, pageOf } from '../schemas.ts'

const text = z.string().min(1).max(200).optional()

export const listAudit = defineRoute({
  path: '/api/v1/audit',
  summary: 'Changes and attempts, the latest first',
  access: { resource: 'audit', verb: 'list' },
  query: z.strictObject({
    actor: text.describe('such as token:1a2b3c4d5e or cli:root'),
    action: text.describe('such as hosts.delete'),
    target: text.describe('id of what it concerned'),
    outcome: z.enum(auditOutcomes).optional(),
    since: timeParameter.optional().describe('not before this time'),
    ...pageParameters,
  }),
  answer: { status: 200, description: 'a page of entries', schema: pageOf(AuditSchema) },
  handle: async ({ query }, { read }) => {
    const { actor, action, target, outcome, since } = query
    const filter: AuditFilter = {
      ...(actor === undefined ? {} : { actor }),
      ...(action === undefined ? {} : { action }),
      ...(target === undefined ? {} : { target }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(since === undefined ? {} : { sinceMs: since }),
    }
    const { items, ...page } = await read.audit(filter, pageRequest(query))
    return { items: items.map(({ atMs, ...entry }) => ({ ...entry, at: isoTime(atMs) })), ...page }
  },
})
