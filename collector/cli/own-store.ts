// Opens the database for a command that works beside a running collector.
import { existsSync } from 'node:fs'
import { systemClock } from '../../runtime/clock.ts'
import { GabionError } from '../../runtime/errors.ts'
import { databasePath } from '../data-directory.ts'
import { openSqliteStore } from '../store/sqlite/open-store.ts'
import type { Store } from '../store/store.ts'

/** @throws GabionError with code `store` when no collector was ever started there */
export async function withStore<T>(dataDirectory: string, work: (store: Store) => Promise<T>): Promise<T> {
  const path = databasePath(dataDirectory)
  if (!existsSync(path)) throw new GabionError('store', `${path}: is not there; start the collector first`)
  const store = await openSqliteStore(path, systemClock)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
