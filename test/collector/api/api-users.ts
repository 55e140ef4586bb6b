// A collector that asks who asks, with a token of each kind.
import type { Test } from 'tap'
import { newApiToken } from '../../../collector/auth/access/api-token.ts'
import type { CollectorOptions } from '../../../collector/collector.ts'
import type { ApiRole, Scope } from '../../../collector/store/access-records.ts'
import type { Store } from '../../../collector/store/store.ts'
import { startTestCollector, type TestCollector } from '../start-collector.ts'
import { type Ask, ask, type Reply } from './request.ts'

export const users = {
  viewer: { role: 'viewer', labels: {} },
  operator: { role: 'operator', labels: {} },
  admin: { role: 'admin', labels: {} },
  'viewer of role=db': { role: 'viewer', labels: { role: 'db' } },
  'admin of role=db': { role: 'admin', labels: { role: 'db' } },
} as const satisfies Readonly<Record<string, { readonly role: ApiRole; readonly labels: Scope }>>
export type User = keyof typeof users

export interface ApiCollector extends TestCollector {
  /** what Authorization takes */
  readonly tokens: Readonly<Record<User, string>>
  /** @param user nobody when left out */
  askAs(user: User | undefined, path: string, request?: Ask): Promise<Reply>
}

export async function startApiCollector(
  t: Pick<Test, 'teardown' | 'testdir'>,
  options: Partial<CollectorOptions> = {},
): Promise<ApiCollector> {
  const collector = await startTestCollector(t, { api: { isOpen: false, names: [] }, ...options })
  const names = Object.keys(users) as User[]
  const made = await Promise.all(names.map(async name => [name, await putApiToken(collector.store, users[name])]))
  const tokens = Object.fromEntries(made) as Record<User, string>
  return {
    ...collector,
    tokens,
    askAs: (user, path, request = {}) => {
      const shown: Record<string, string> = user === undefined ? {} : { authorization: `Bearer ${tokens[user]}` }
      return ask(collector.httpAddress, path, { ...request, headers: { ...shown, ...request.headers } })
    },
  }
}

export interface TokenOptions {
  readonly role: ApiRole
  readonly labels?: Scope
  readonly lifeMs?: number
}

/** @returns its text */
export async function putApiToken(store: Store, { role, labels = {}, lifeMs = 3_600_000 }: TokenOptions) {
  const { id, text, secretHash } = newApiToken()
  const nowMs = Date.now()
  await store.write(transaction =>
    transaction.putApiToken({
      ...{ id, description: 'test', role, labels, secretHash, createdAtMs: nowMs, createdBy: 'test' },
      ...{ expiresAtMs: nowMs + lifeMs, lastUsedAtMs: 0, revokedAtMs: 0 },
    }),
  )
  return text
}

export const tokenId = (text: string): string => text.split('_')[1] ?? ''
