// Somebody who uses the API: who it is, and what it may.
import type { ApiRole, Scope } from '../../store/access-records.ts'
import { type Right, resources, roleMay } from './rights.ts'

export interface Principal {
  /** open: whoever reaches a collector that asks nobody */
  readonly kind: 'open' | 'token' | 'session' | 'kubernetes'
  /** as the audit log names it, such as `token:1a2b3c` */
  readonly name: string
  /** empty when a cluster decides about each right */
  readonly role: ApiRole | ''
  /** hosts that it may see */
  readonly scope: Scope
  /** when it is not good any more by itself, 0 for never */
  readonly expiresAtMs: number
  /** whether it has a right; hosts out of its scope are not there for it */
  may(right: Right): Promise<boolean>
}

/** Whoever reaches a collector that asks nobody who it is. */
export const anyone: Principal = {
  kind: 'open',
  name: 'open',
  role: 'admin',
  scope: {},
  expiresAtMs: 0,
  may: async () => true,
}

export const isScoped = ({ scope }: Pick<Principal, 'scope'>): boolean => Object.keys(scope).length > 0

/** What is about all hosts is not for those who may see some. */
export function isWithinScope(principal: Pick<Principal, 'scope'>, { resource, verb }: Right): boolean {
  const kind = resources[resource]
  const isOfFleet = kind === 'fleet' || (kind === 'shared' && verb !== 'get' && verb !== 'list')
  return !isOfFleet || !isScoped(principal)
}

/** Somebody whose rights are those of a role. */
export function principalOfRole(who: Omit<Principal, 'may' | 'role'> & { readonly role: ApiRole }): Principal {
  return { ...who, may: async right => roleMay(who.role, right) && isWithinScope(who, right) }
}
