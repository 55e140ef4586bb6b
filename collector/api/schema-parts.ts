// What the shapes of answers are made of: numbers and times.
import * as z from 'zod'

export const count = z.int().min(0)
const percent = z.int().min(0).max(100)
/** Of score and coverage, which are no numbers over nothing. */
export const mark = {
  score: percent.optional().describe('missing while no check has a verdict'),
  coverage: percent.optional().describe('missing while no check applies'),
}
export const time = z.iso.datetime().describe('ISO 8601 in UTC')
export const timeOrEmpty = z.string().describe('ISO 8601 in UTC, or empty')
