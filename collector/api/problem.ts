// Errors of the API as problem details (RFC 9457).
import * as z from 'zod'

export const ProblemSchema = z
  .object({
    type: z.string().describe('about:blank: the status says it all'),
    title: z.string().describe('the status in words'),
    status: z.int(),
    detail: z.string().describe('what was wrong with this request'),
    errors: z
      .array(z.object({ field: z.string(), detail: z.string() }))
      .optional()
      .describe('one entry per field that was not valid'),
  })
  .meta({ id: 'Problem' })

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const
export type ProblemStatus = keyof typeof titles

/** Thrown by whatever answers a request; the error handler turns it into a response. */
export class Problem extends Error {
  readonly status: ProblemStatus
  readonly errors: readonly FieldError[]
  /** when it may be tried again, 0 when that is not known */
  readonly retryAfterMs: number
  constructor(status: ProblemStatus, detail: string, errors: readonly FieldError[] = [], retryAfterMs = 0) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.errors = errors
    this.retryAfterMs = retryAfterMs
  }
}

export interface FieldError {
  readonly field: string
  readonly detail: string
}

export function problemBody({ status, message, errors }: Problem): z.infer<typeof ProblemSchema> {
  const body = { type: 'about:blank', title: titles[status], status, detail: message }
  return errors.length === 0 ? body : { ...body, errors: errors.map(({ field, detail }) => ({ field, detail })) }
}

export const isProblemStatus = (status: number): status is ProblemStatus => status in titles
