// Opens the store of a collector, on whichever database.
import type { Clock } from '../../runtime/clock.ts'
import type { DatabaseLocation } from './database-location.ts'
import { openPostgresStore, type PostgresStoreOptions } from './postgres/open-store.ts'
import { openSqliteStore, type SqliteOptions } from './sqlite/open-store.ts'
import type { Store } from './store.ts'

/** @throws GabionError with code `store` when it cannot be used or belongs to a newer program */
export function openStore(
  location: DatabaseLocation,
  clock: Clock,
  options: PostgresStoreOptions & Pick<SqliteOptions, 'warn'> = {},
): Promise<Store> {
  if (location.kind === 'sqlite') return openSqliteStore(location.path, clock, options)
  return openPostgresStore(location, clock, options)
}
