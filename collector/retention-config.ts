// How long the collector keeps what, as the configuration says it.
import * as z from 'zod'
import type { RetentionRules } from './domain/retention.ts'
import { parseDuration } from './parse-duration.ts'
import { hourMs } from './store/history-units.ts'

/** What does not flap and did not change for so long is forgotten; the collector waits for longer when it is to. */
const driftItemsMs = hourMs

const age = (fallback: string) =>
  z
    .string()
    .regex(/^([1-9]\d{0,4}[hd]|forever)$/, 'expected hours or days such as 90d, or forever')
    .default(fallback)

export const RetentionSchema = z
  .strictObject({
    history: age('90d').describe('states of facets that ended'),
    drift: age('365d').describe('changes in words'),
    results: age('365d').describe('results that ended'),
    gaps: age('365d').describe('stretches of histories in which changes cannot be told apart'),
    trends: age('730d').describe('how the fleet stood by hour, what turned, and how long failures stood'),
    retiredHosts: age('30d').describe('the latest observations of hosts that are no more'),
    enrollments: age('365d').describe('requests to enroll, tokens and certificates that ended'),
  })
  .prefault({})

/** In milliseconds, 0 for ever. */
export function retentionRules(config: z.infer<typeof RetentionSchema>): RetentionRules {
  const { history, drift, results, gaps, trends, retiredHosts, enrollments } = config
  const summed = ageMs(trends)
  const ended = ageMs(enrollments)
  return {
    ...{
      history: ageMs(history),
      drift: ageMs(drift),
      endedResults: ageMs(results),
      gaps: ageMs(gaps),
      retiredObservations: ageMs(retiredHosts),
    },
    ...{ postures: summed, turns: summed, checkDays: summed, fixes: summed, driftItems: driftItemsMs },
    ...{ enrollments: ended, enrollmentTokens: ended, credentials: ended },
  }
}

/** Anything that is no time is for ever: nothing is taken away by mistake. */
const ageMs = (text: string): number => parseDuration(text) ?? 0
