// GET /api/v1/checks/{id}/trend: how the fleet stood on one check, day by day.
import * as z from 'zod'
import { isoTime } from '../../../runtime/clock.ts'
import { fixTimes } from '../fix-times.ts'
import { CheckTrendSchema } from '../history-schema.ts'
import { Problem } from '../problem.ts'
import { defineRoute } from '../route.ts'
import { daily, requireSpan, spanParameters } from '../span.ts'

export const getCheckTrend = defineRoute({
  path: '/api/v1/checks/{id}/trend',
  summary: 'How the fleet stood on one check by day in UTC, what turned, and how long failures stood',
  access: { resource: 'checks', verb: 'get' },
  params: z.strictObject({ id: z.string().min(1).max(200) }),
  query: z.strictObject(spanParameters),
  answer: { status: 200, description: 'days of which something is known, oldest first', schema: CheckTrendSchema },
  problems: [404],
  handle: async ({ params: { id }, query }, { read, clock, catalog }) => {
    const span = requireSpan(query, daily, clock.now())
    const days = await read.checkDays(id, span)
    if (!catalog.checks.some(check => check.id === id)) throw new Problem(404, `the catalog has no check ${id}`)
    const items = days.map(({ atMs, stood, opened, fixed }) => ({ at: isoTime(atMs), ...stood, opened, fixed }))
    const timeToFix = fixTimes(await read.fixes(span, { check: id }))
    return { check: id, since: isoTime(span.sinceMs), until: isoTime(span.untilMs), timeToFix, items }
  },
})
