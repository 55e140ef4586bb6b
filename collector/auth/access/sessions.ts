// Logins of browsers: a cookie stands for an API token, for a while.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../runtime/clock.ts'
import type { Store } from '../../store/store.ts'
import { NotIdentified } from '../identity.ts'
import { hashText, isSecretOf, parseApiToken } from './api-token.ts'

const lifeMs = 12 * 3_600_000

export interface NewSession {
  /** what the cookie holds */
  readonly value: string
  readonly tokenId: string
  readonly expiresAtMs: number
}

/** @throws NotIdentified when the token is no good */
export async function beginSession(
  { read, write }: Pick<Store, 'read' | 'write'>,
  clock: Pick<Clock, 'now'>,
  text: string,
): Promise<NewSession> {
  const parsed = parseApiToken(text.trim())
  const token = await read.apiToken(parsed?.id ?? '')
  const nowMs = clock.now()
  if (!parsed || !isSecretOf(parsed.secret, token) || token.revokedAtMs > 0 || token.expiresAtMs <= nowMs) {
    throw new NotIdentified('that is no API token in force')
  }
  const value = randomBytes(32).toString('base64url')
  const expiresAtMs = Math.min(nowMs + lifeMs, token.expiresAtMs)
  await write(async transaction => {
    await transaction.deleteApiSessions(nowMs)
    await transaction.putApiSession({ idHash: hashText(value), tokenId: token.id, createdAtMs: nowMs, expiresAtMs })
  })
  return { value, tokenId: token.id, expiresAtMs }
}

export async function endSession({ write }: Pick<Store, 'write'>, value: string): Promise<void> {
  await write(transaction => transaction.deleteApiSession(hashText(value)))
}
