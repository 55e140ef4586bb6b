// The base of every error of ours: a stable code, what it concerns, the reason, and the cause.

export type ErrorCode =
  | 'usage'
  | 'config'
  | 'address_in_use'
  | 'state_directory'
  | 'store'
  | 'uplink'
  | 'policy'
  | 'internal'

export class GabionError extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'GabionError'
    this.code = code
  }
}

/** Bad input on the command line: names the option or argument, what was found and what was expected. Exit code 2. */
export function usageError(message: string): GabionError {
  return new GabionError('usage', message)
}

/** errno of a system error such as ENOENT, or the empty string. */
export function errnoOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

/** One line that says what went wrong, for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
