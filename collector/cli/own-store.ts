// Opens the database for a command that works beside a running collector.
import { existsSync } from 'node:fs'
import { systemClock } from '../../runtime/clock.ts'
import { GabionError } from '../../runtime/errors.ts'
import type { CollectorConfig } from '../collector-config.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { databaseOf } from './settings.ts'

/** @throws GabionError with code `store` when no collector of this version was ever started there */
export async function withStore<T>(settings: CollectorConfig, work: (store: Store) => Promise<T>): Promise<T> {
  const location = databaseOf(settings)
  if (location.kind === 'sqlite' && !existsSync(location.path)) {
    throw new GabionError('store', `${location.path}: is not there; start the collector first`)
  }
  // The collector beside it may be an older one: its tables are not changed under it.
  const store = await openStore(location, systemClock, { asItIs: true })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
