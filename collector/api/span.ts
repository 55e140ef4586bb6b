// The stretch of time that a route of sums is asked for.

import type { Span } from '../store/history.ts'
import { dayMs } from '../store/history-units.ts'
import { timeParameter } from './parameters.ts'
import { Problem } from './problem.ts'

export const spanParameters = {
  since: timeParameter.optional().describe('30 days before `until` when it is left out, 48 hours for hours'),
  until: timeParameter.optional().describe('now when it is left out'),
}

export interface AskedSpan {
  readonly since?: number | undefined
  readonly until?: number | undefined
}

export interface SpanRules {
  readonly stepMs: number
  /** steps when nobody says since when */
  readonly steps: number
  readonly mostSteps: number
}

/** Days, for a month when nobody says. */
export const daily: SpanRules = { stepMs: dayMs, steps: 30, mostSteps: 1_100 }

/** From the start of a step on; not beyond now. @throws Problem 400 */
export function requireSpan({ since, until }: AskedSpan, { stepMs, steps, mostSteps }: SpanRules, nowMs: number): Span {
  const untilMs = Math.min(until ?? nowMs, nowMs)
  const wanted = since ?? untilMs - steps * stepMs
  const sinceMs = Math.floor(wanted / stepMs) * stepMs
  if (wanted >= untilMs) throw new Problem(400, 'since: expected a time before until, and not in the future')
  if (untilMs - sinceMs > (mostSteps + 1) * stepMs) {
    const unit = stepMs === dayMs ? 'days' : 'hours'
    throw new Problem(400, `since: expected at most ${mostSteps} ${unit} before until`)
  }
  return { sinceMs, untilMs }
}
