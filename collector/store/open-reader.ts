// Opens a store for a program that only reads it, beside the collector that writes.
import type { DatabaseLocation } from './database-location.ts'
import { openPool } from './postgres/open-client.ts'
import { readingFrom } from './postgres/postgres-connection.ts'
import { createReader } from './sql/store-parts.ts'
import { openReader } from './sqlite/open-database.ts'
import { sqliteConnection } from './sqlite/sqlite-connection.ts'
import type { StoreReader } from './store.ts'

/** @throws GabionError with code `store` when it cannot be opened */
export function openStoreReader(location: DatabaseLocation): StoreReader {
  if (location.kind === 'postgres') return createReader(readingFrom(openPool(location)))
  return createReader(sqliteConnection(openReader(location.path)))
}
