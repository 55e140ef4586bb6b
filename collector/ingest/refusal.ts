// Why a stream is ended, in a code for machines and a sentence for people.

export const refusalCodes = [
  'protocol_version',
  'hello',
  'identity',
  'unavailable',
  'quarantined',
  'revoked',
  'gone',
  'malformed',
  'digest',
  'sequence',
  'too_large',
  'too_many_facets',
  'too_many_streams',
  'silent',
  'slow_reader',
  'replaced',
  'shutting_down',
  'internal',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** Thrown by what judges a message; ends that stream and no other. */
export class Refused extends Error {
  readonly code: RefusalCode
  readonly retryAfterMs: number
  constructor(code: RefusalCode, detail: string, retryAfterMs = 0) {
    super(detail)
    this.name = 'Refused'
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}
