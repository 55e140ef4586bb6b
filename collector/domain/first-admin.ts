// The first API token of a collector: without it nobody could make another.
import { newApiToken } from '../auth/access/api-token.ts'
import type { Store } from '../store/store.ts'

const lifeMs = 7 * 86_400_000

/**
 * Makes it where there is and was none.
 * @param hand gives its text, which is kept nowhere, to whoever is to have it; when it throws, there is no token
 * @returns whether it was made
 */
export async function makeFirstAdmin(
  { read, write }: Store,
  nowMs: number,
  hand: (text: string) => void,
): Promise<boolean> {
  const { items } = await read.apiTokens({ limit: 1 })
  if (items.length > 0) return false
  const { id, text, secretHash } = newApiToken()
  hand(text)
  const actor = 'collector'
  const entry = { actor, address: '', requestId: '', action: 'apitokens.create', target: id, outcome: 'done' } as const
  await write(async transaction => {
    await transaction.putApiToken({
      ...{ id, description: 'first administrator', role: 'admin', labels: {}, secretHash },
      ...{ createdAtMs: nowMs, createdBy: actor, expiresAtMs: nowMs + lifeMs, lastUsedAtMs: 0, revokedAtMs: 0 },
    })
    await transaction.appendAudit({ ...entry, atMs: nowMs, detail: { role: 'admin' } })
  })
  return true
}
