// Records as the API shows them: times as text, standing in a word.
import { isoTime } from '../../runtime/clock.ts'
import { apiTokenState, enrollmentTokenState } from '../domain/token-state.ts'
import type { ApiToken } from '../store/access-records.ts'
import type { Enrollment, EnrollmentToken } from '../store/identity-records.ts'

export const timeOrEmpty = (ms: number): string => (ms === 0 ? '' : isoTime(ms))

export function apiTokenView(token: ApiToken, nowMs: number) {
  const { id, description, role, labels, createdBy } = token
  return {
    ...{ id, description, role, labels, createdBy, state: apiTokenState(token, nowMs) },
    ...{ createdAt: isoTime(token.createdAtMs), expiresAt: isoTime(token.expiresAtMs) },
    ...{ lastUsedAt: timeOrEmpty(token.lastUsedAtMs), revokedAt: timeOrEmpty(token.revokedAtMs) },
  }
}

export function enrollmentTokenView(token: EnrollmentToken, nowMs: number) {
  const { id, description, labels, maxUses, uses, needsApproval } = token
  return {
    ...{ id, description, labels, maxUses, uses, needsApproval },
    state: enrollmentTokenState(token, nowMs),
    ...{ createdAt: isoTime(token.createdAtMs), expiresAt: isoTime(token.expiresAtMs) },
    revokedAt: timeOrEmpty(token.revokedAtMs),
  }
}

export function enrollmentView({ requestId, requestedAtMs, decidedAtMs, ...enrollment }: Enrollment) {
  const { tokenId, state, hostId, hostname, machineId, address } = enrollment
  return {
    ...{ id: requestId, tokenId, state, hostId, hostname, machineId, address },
    ...{ requestedAt: isoTime(requestedAtMs), decidedAt: timeOrEmpty(decidedAtMs) },
  }
}
