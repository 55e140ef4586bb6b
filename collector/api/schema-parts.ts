// What the shapes of answers are made of: numbers and times.
import * as z from 'zod'

export const count = z.int().min(0)
export const percent = z.int().min(0).max(100)
export const time = z.iso.datetime().describe('ISO 8601 in UTC')
export const timeOrEmpty = z.string().describe('ISO 8601 in UTC, or empty')
