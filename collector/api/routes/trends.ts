// GET /api/v1/trends: how the fleet stood by day or hour, and what turned.
import * as z from 'zod'
import type { Severity } from '../../../policy/check.ts'
import { isoTime } from '../../../runtime/clock.ts'
import type { Posture, PostureAt, Span, TurnsAt } from '../../store/history.ts'
import { hourMs } from '../../store/history-units.ts'
import { countsOf, failedBySeverity, markOf, waivedOf } from '../../store/tally.ts'
import { TrendsSchema } from '../history-schema.ts'
import type { RequestContext } from '../request-context.ts'
import { defineRoute } from '../route.ts'
import { daily, requireSpan, spanParameters } from '../span.ts'

const hourly = { stepMs: hourMs, steps: 48, mostSteps: 31 * 24 }

export const getTrends = defineRoute({
  path: '/api/v1/trends',
  summary: 'How the fleet stood by day or hour in UTC, and what began to fail and was fixed',
  access: { resource: 'summary', verb: 'get' },
  query: z.strictObject({
    ...spanParameters,
    step: z.enum(['day', 'hour']).optional().describe('day (default) or hour'),
  }),
  answer: { status: 200, description: 'steps, oldest first', schema: TrendsSchema },
  handle: async ({ query }, { read, clock }) => {
    const step = query.step ?? 'day'
    const nowMs = clock.now()
    const { stepMs } = step === 'day' ? daily : hourly
    const span = requireSpan(query, step === 'day' ? daily : hourly, nowMs)
    const noted = await read.postures(span, stepMs)
    const now = span.untilMs === nowMs ? [{ ...(await postureNow(read, nowMs)), atMs: floorTo(nowMs, stepMs) }] : []
    const items = stepsOf(span, stepMs, [...noted, ...now], await read.turns(span, stepMs))
    return { since: isoTime(span.sinceMs), until: isoTime(span.untilMs), step, items }
  },
})

const floorTo = (ms: number, stepMs: number) => Math.floor(ms / stepMs) * stepMs

/** The step that is not over is told as it is at this moment. */
async function postureNow(read: RequestContext['read'], nowMs: number): Promise<Posture> {
  const hosts = await read.hostCounts(nowMs)
  const { results } = await read.fleet()
  return { takenAtMs: nowMs, results, hosts }
}

type Turns = Record<Severity, number>
const noTurns = (): Turns => ({ critical: 0, high: 0, medium: 0, low: 0 })

function stepsOf(span: Span, stepMs: number, postures: readonly PostureAt[], turns: readonly TurnsAt[]) {
  const stood = new Map(postures.map(posture => [posture.atMs, posture]))
  const opened = new Map<number, Turns>()
  const fixed = new Map<number, Turns>()
  for (const { atMs, severity, ...counts } of turns) {
    opened.set(atMs, { ...(opened.get(atMs) ?? noTurns()), [severity]: counts.opened })
    fixed.set(atMs, { ...(fixed.get(atMs) ?? noTurns()), [severity]: counts.fixed })
  }
  return Array.from({ length: Math.ceil((span.untilMs - span.sinceMs) / stepMs) }, (_, index) => {
    const atMs = span.sinceMs + index * stepMs
    const posture = stood.get(atMs)
    return {
      at: isoTime(atMs),
      ...(posture ? { posture: shown(posture) } : {}),
      opened: opened.get(atMs) ?? noTurns(),
      fixed: fixed.get(atMs) ?? noTurns(),
    }
  })
}

function shown({ takenAtMs, results, hosts }: Posture) {
  return {
    takenAt: isoTime(takenAtMs),
    ...markOf(results),
    counts: countsOf(results),
    waived: waivedOf(results),
    failedBySeverity: failedBySeverity(results),
    hosts,
  }
}
