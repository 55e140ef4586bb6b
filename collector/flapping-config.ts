// From when on something flaps, as the configuration says it.
import * as z from 'zod'
import type { FlapRules } from './domain/flapping.ts'
import { parseDuration } from './parse-duration.ts'
import { hourMs } from './store/history-units.ts'

export const FlappingSchema = z
  .strictObject({
    turns: z
      .int()
      .refine(turns => turns === 0 || (turns >= 3 && turns <= 100), 'expected 0, or 3 to 100')
      .default(8)
      .describe('changes of one thing within the window after which it flaps; 0 tells each'),
    window: z
      .string()
      .regex(/^([1-9]\d{0,2}m|([1-9]|1\d|2[0-4])h)$/, 'expected minutes or hours such as 90m, at most 24h')
      .default('1h')
      .describe('also how long it has to rest before it flaps no more'),
  })
  .prefault({})

/** The schema lets nothing in that is no time. */
export function flapRules({ turns, window }: z.infer<typeof FlappingSchema>): FlapRules {
  return { turns, windowMs: parseDuration(window) ?? hourMs }
}
