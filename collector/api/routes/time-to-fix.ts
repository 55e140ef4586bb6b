// GET /api/v1/time-to-fix: how long failures stood that were fixed.
import * as z from 'zod'
import { isoTime } from '../../../runtime/clock.ts'
import type { Span } from '../../store/history.ts'
import { type FixTimes, fixTimes } from '../fix-times.ts'
import { TimeToFixSchema } from '../history-schema.ts'
import type { RequestContext } from '../request-context.ts'
import { defineRoute } from '../route.ts'
import { daily, requireSpan, spanParameters } from '../span.ts'

const ofFleet = { ...daily, mostSteps: 366 }
/** Sums of each check are many: a month of them at once. */
const ofChecks = { ...daily, mostSteps: 31 }

export const getTimeToFix = defineRoute({
  path: '/api/v1/time-to-fix',
  summary: 'How long failures stood that were fixed on these days in UTC: of the fleet, by severity, by check',
  access: { resource: 'summary', verb: 'get' },
  query: z.strictObject({
    ...spanParameters,
    by: z.literal('check').optional().describe('each check, too, for at most 31 days'),
  }),
  answer: { status: 200, description: 'medians and percentiles', schema: TimeToFixSchema },
  handle: async ({ query }, context) => {
    const span = requireSpan(query, query.by === 'check' ? ofChecks : ofFleet, context.clock.now())
    const sums = await context.read.fixes(span, 'fleet')
    const of = (severity: Parameters<typeof fixTimes>[1]) => fixTimes(sums, severity)
    return {
      ...{ since: isoTime(span.sinceMs), until: isoTime(span.untilMs), all: fixTimes(sums) },
      bySeverity: { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low') },
      ...(query.by === 'check' ? { checks: await byCheck(span, context) } : {}),
    }
  },
})

type OfCheck = FixTimes & { readonly check: string; readonly title: string }

async function byCheck(span: Span, { read, catalog }: RequestContext): Promise<readonly OfCheck[]> {
  const sums = Map.groupBy(await read.fixes(span, 'checks'), sum => sum.check)
  const titles = new Map(catalog.checks.map(({ id, title }) => [id, title]))
  const found = [...sums].map(([check, ofCheck]) => ({
    check,
    title: titles.get(check) ?? check,
    ...fixTimes(ofCheck),
  }))
  return found.sort((a, b) => (b.p50Seconds ?? 0) - (a.p50Seconds ?? 0) || (a.check < b.check ? -1 : 1))
}
