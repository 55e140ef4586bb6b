// Migrations of PostgreSQL: one collector at a time changes the tables, the others wait.
import { type MigrateOptions, migrate } from '../sql/migrate.ts'
import { lockUntilEnd } from './locks.ts'
import { openClient, type PostgresOptions } from './open-client.ts'
import { databaseOn } from './postgres-connection.ts'

/** @throws StoreUnavailable; GabionError with code `store` when the database was written by a newer program */
export async function migratePostgres(server: PostgresOptions, options: MigrateOptions): Promise<number> {
  const client = await openClient(server, true)
  try {
    await client.query(lockUntilEnd('migration'))
    return await migrate(databaseOn(client), options)
  } finally {
    await client.end().catch(() => undefined)
  }
}
