// Migrations of PostgreSQL: one collector at a time changes the tables, the others wait.
import { type MigrateOptions, migrate } from '../sql/migrate.ts'
import { lockUntilEnd } from './locks.ts'
import { type PostgresOptions, patiently } from './open-client.ts'
import { databaseOn } from './postgres-connection.ts'
import { refuseOthers } from './refuse-others.ts'

/**
 * @throws StoreUnavailable; GabionError with code `store` when the database was written by a newer program, or is to change
 * while another collector uses it
 */
export function migratePostgres(server: PostgresOptions, options: MigrateOptions): Promise<number> {
  return patiently(server, async client => {
    await client.query(lockUntilEnd('migration'))
    const database = databaseOn(client)
    if (options.asItIs !== true) await refuseOthers(database, options)
    return migrate(database, options)
  })
}
