// The shapes of how things stood over time, as the OpenAPI document names them.
import * as z from 'zod'
import { count, mark, time } from './schema-parts.ts'
import { CountsSchema, FacetSchema, FacetSummarySchema, GapSchema, SeverityCountsSchema } from './schemas.ts'

const gap = GapSchema.optional().describe(
  'the time is in this gap of the history: the facet changed, and nobody can tell how',
)

export const FacetSummaryAtSchema = FacetSummarySchema.extend({ gap }).meta({ id: 'FacetSummaryAt' })
export const FacetAtSchema = FacetSchema.extend({ gap }).meta({ id: 'FacetAt' })

const seconds = count.optional()

const HostCountsSchema = z
  .object({ total: count, new: count, online: count, offline: count, missing: count, retired: count })
  .meta({ id: 'HostCounts', description: 'number of hosts by status; total is without those that are retired' })

const TrendStepSchema = z
  .object({
    at: time.describe('start of the step'),
    posture: z
      .object({
        takenAt: time.describe('when the fleet was last looked at within the step'),
        ...mark,
        counts: CountsSchema.describe('as they were found, waived or not'),
        waived: count,
        failedBySeverity: SeverityCountsSchema.describe('without what is waived'),
        hosts: HostCountsSchema,
      })
      .optional()
      .describe('missing when no collector looked'),
    opened: SeverityCountsSchema.describe('failures that began: those of a new host or of another policy do not count'),
    fixed: SeverityCountsSchema.describe('failures that ended: waived ones and those of another policy do not count'),
  })
  .meta({ id: 'TrendStep' })

export const TrendsSchema = z
  .object({ since: time, until: time, step: z.enum(['day', 'hour']), items: z.array(TrendStepSchema) })
  .meta({ id: 'Trends' })

const FixTimesSchema = z
  .object({
    fixed: count.describe('failures that were fixed'),
    p50Seconds: seconds.describe('how long half of them stood at most; missing when there was none'),
    p75Seconds: seconds,
    p90Seconds: seconds,
    p99Seconds: seconds,
  })
  .meta({ id: 'FixTimes', description: 'how long failures stood that were fixed, to some ten percent' })

const FixTimesBySeveritySchema = z
  .object({ critical: FixTimesSchema, high: FixTimesSchema, medium: FixTimesSchema, low: FixTimesSchema })
  .meta({ id: 'FixTimesBySeverity' })

export const TimeToFixSchema = z
  .object({
    since: time,
    until: time,
    all: FixTimesSchema,
    bySeverity: FixTimesBySeveritySchema,
    checks: z
      .array(FixTimesSchema.extend({ check: z.string(), title: z.string() }))
      .optional()
      .describe('by check, those of which failures stood longest first; with by=check'),
  })
  .meta({ id: 'TimeToFix' })

export const CheckTrendSchema = z
  .object({
    check: z.string(),
    since: time,
    until: time,
    timeToFix: FixTimesSchema,
    items: z.array(
      z.object({
        at: time.describe('start of the day'),
        counts: CountsSchema.optional().describe('how the fleet stood last that day; missing when nobody looked'),
        waived: count.optional(),
        opened: count,
        fixed: count,
      }),
    ),
  })
  .meta({ id: 'CheckTrend' })
