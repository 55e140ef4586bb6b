// The first API token of a collector: without it nobody could make another.
import { newApiToken } from '../auth/access/api-token.ts'
import type { Store } from '../store/store.ts'

const lifeMs = 7 * 86_400_000

/** @returns the token's text, to be shown once; undefined when there is or was a token */
export async function makeFirstAdmin({ read, write }: Store, nowMs: number): Promise<string | undefined> {
  const { items } = await read.apiTokens({ limit: 1 })
  if (items.length > 0) return undefined
  const { id, text, secretHash } = newApiToken()
  const actor = 'collector'
  const entry = { actor, address: '', requestId: '', action: 'apitokens.create', target: id, outcome: 'done' } as const
  await write(async transaction => {
    await transaction.putApiToken({
      ...{ id, description: 'first administrator', role: 'admin', labels: {}, secretHash },
      ...{ createdAtMs: nowMs, createdBy: actor, expiresAtMs: nowMs + lifeMs, lastUsedAtMs: 0, revokedAtMs: 0 },
    })
    await transaction.appendAudit({ ...entry, atMs: nowMs, detail: { role: 'admin' } })
  })
  return text
}
