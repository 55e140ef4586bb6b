// What one collector at a time does for all that share a database: retention, trends, and whatever else would be done twice.
import type { Clock } from '../../runtime/clock.ts'
import type { Singleton } from './singleton-names.ts'
import type { Store } from './store.ts'

type Locking = Pick<Store, 'upkeep'>

/**
 * Does the work unless another collector on the same database, or this one, does it now. On PostgreSQL the lock is an
 * advisory one that ends with its connection, so that a collector that is killed holds up nobody; on SQLite there is one
 * collector.
 * @param work is given a signal that aborts when the lock is lost: somebody else may do it from then on
 * @returns undefined when somebody else does it
 * @throws StoreUnavailable, and what the work throws
 */
export function asSingleton<T>(
  { upkeep }: Locking,
  name: Singleton,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  return upkeep.ifAlone(name, work)
}

export interface KeepOptions {
  readonly store: Locking
  readonly name: Singleton
  readonly clock: Clock
  /** told why the lock could not be asked for, or why the work ended; it is tried again */
  readonly onError: (error: unknown) => void
  /** how soon it is tried again to become the one that does it */
  readonly everyMs?: number
}

const defaultEveryMs = 5_000

/**
 * For work that never ends by itself: whichever collector gets the lock does it until it stops or loses the lock, then
 * another one does. Resolves when the signal aborts and the work has ended. Never rejects.
 * @param work gets a signal that aborts when it has to end
 */
export async function keepSingleton(
  { store, name, clock, onError, everyMs = defaultEveryMs }: KeepOptions,
  work: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await asSingleton(store, name, lost => work(AbortSignal.any([signal, lost]))).catch(onError)
    await clock.sleep(everyMs, signal)
  }
}

/** Within one process: a name is taken until its work ends. */
export function locksOfProcess() {
  const taken = new Set<string>()
  const never = new AbortController().signal
  return async <T>(name: Singleton, work: (lost: AbortSignal) => Promise<T>): Promise<T | undefined> => {
    if (taken.has(name)) return undefined
    taken.add(name)
    try {
      return await work(never)
    } finally {
      taken.delete(name)
    }
  }
}
