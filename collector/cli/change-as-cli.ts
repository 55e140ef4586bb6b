// Changes that a command makes beside a running collector: in the audit log under the name of its user.
import { userInfo } from 'node:os'
import { systemClock } from '../../runtime/clock.ts'
import { type Changes, createChanges } from '../domain/audited-changes.ts'
import type { Store } from '../store/store.ts'

type CliChanges = Pick<Changes, 'host' | 'fleet'> & { readonly actor: string }

/** @param action resource and verb, such as `hosts.update` */
export function changeAsCli<T>(store: Store, action: string, work: (changes: CliChanges) => Promise<T>): Promise<T> {
  const actor = `cli:${userName()}`
  const occasion = { actor, address: '', requestId: '', action }
  const { host, fleet } = createChanges({ store, scope: {}, occasion, now: systemClock.now })
  return work({ actor, host, fleet })
}

/** A user without an entry in passwd has a number only. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
