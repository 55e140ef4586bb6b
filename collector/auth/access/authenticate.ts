// Who asks the API: by an API token, the cookie of a login, or a token that a cluster vouches for.
import type { Clock } from '../../../runtime/clock.ts'
import type { StoredApiToken } from '../../store/access-records.ts'
import type { AccessReader } from '../../store/access-store.ts'
import { NotIdentified } from '../identity.ts'
import { hashText, isSecretOf, parseApiToken } from './api-token.ts'
import { anyone, type Principal, principalOfRole } from './principal.ts'

/** What a request shows. */
export interface Shown {
  /** value of the authorization header, empty when there is none */
  readonly authorization: string
  /** value of the session cookie, empty when there is none */
  readonly session: string
}

/** @throws NotIdentified, or CannotIdentify when that cannot be told now */
export type Authenticate = (shown: Shown) => Promise<Principal>

export interface AuthenticateOptions {
  readonly read: Pick<AccessReader, 'apiToken' | 'apiSession'>
  readonly clock: Clock
  /** whoever reaches the address may do everything: for loopback, when somebody asked for it */
  readonly isOpen: boolean
  /** who a bearer token is of that is none of ours */
  readonly byCluster?: ((token: string) => Promise<Principal>) | undefined
  /** told of each use of an API token */
  readonly onUse?: (tokenId: string) => void
}

export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { isOpen, byCluster } = options
  return async ({ authorization, session }) => {
    if (authorization !== '') {
      const text = bearerToken(authorization)
      const parsed = parseApiToken(text)
      if (parsed) return byToken(options, parsed)
      if (byCluster) return byCluster(text)
      throw new NotIdentified('the authorization header holds no API token')
    }
    if (session !== '') return bySession(options, session)
    if (isOpen) return anyone
    throw new NotIdentified('an API token is needed: Authorization: Bearer TOKEN')
  }
}

async function byToken(
  { read, clock, onUse }: AuthenticateOptions,
  { id, secret }: { readonly id: string; readonly secret: string },
): Promise<Principal> {
  const token = await read.apiToken(id)
  if (!isSecretOf(secret, token)) throw new NotIdentified('the API token is not known here')
  requireGood(token, clock.now())
  onUse?.(id)
  return principalOf('token', token, token.expiresAtMs)
}

async function bySession({ read, clock, onUse }: AuthenticateOptions, cookie: string): Promise<Principal> {
  const session = await read.apiSession(hashText(cookie))
  const nowMs = clock.now()
  if (!session || session.expiresAtMs <= nowMs) throw new NotIdentified('the session has ended: log in again')
  const token = await read.apiToken(session.tokenId)
  if (!token) throw new NotIdentified('the session has ended: log in again')
  requireGood(token, nowMs)
  onUse?.(token.id)
  return principalOf('session', token, Math.min(session.expiresAtMs, token.expiresAtMs))
}

function requireGood({ revokedAtMs, expiresAtMs }: StoredApiToken, nowMs: number): void {
  if (revokedAtMs > 0) throw new NotIdentified('the API token was revoked')
  if (expiresAtMs <= nowMs) throw new NotIdentified('the API token has expired')
}

function principalOf(kind: 'token' | 'session', { id, role, labels }: StoredApiToken, expiresAtMs: number): Principal {
  return principalOfRole({ kind, name: `token:${id}`, role, scope: labels, expiresAtMs })
}

function bearerToken(authorization: string): string {
  const token = /^Bearer +([\x21-\x7e]{1,16384})$/i.exec(authorization)?.[1]
  if (token === undefined) throw new NotIdentified('the authorization header has to be: Bearer TOKEN')
  return token
}
