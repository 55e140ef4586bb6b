// How a token stands, in a word.
import type { ApiToken } from '../store/access-records.ts'
import type { EnrollmentToken } from '../store/identity-records.ts'

export function apiTokenState(token: Pick<ApiToken, 'revokedAtMs' | 'expiresAtMs'>, nowMs: number) {
  if (token.revokedAtMs > 0) return 'revoked'
  return token.expiresAtMs <= nowMs ? 'expired' : 'valid'
}

export function enrollmentTokenState(token: EnrollmentToken, nowMs: number) {
  const state = apiTokenState(token, nowMs)
  return state === 'valid' && token.uses >= token.maxUses ? 'used_up' : state
}
