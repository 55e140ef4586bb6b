// Reads a whole database file and says what is wrong with it: pages and references, and what stands in its tables.
import { checkTables, type DatabaseCheck } from '../sql/check-tables.ts'
import { openReader, type SqliteHandle } from './open-database.ts'
import { sqliteConnection } from './sqlite-connection.ts'

/** @throws GabionError with code `store` when it cannot be opened */
export async function checkDatabase(path: string): Promise<DatabaseCheck> {
  const handle = openReader(path)
  try {
    const { database } = sqliteConnection(handle)
    return await checkTables(database, async () => [...integrity(handle), ...references(handle)])
  } finally {
    handle.close()
  }
}

function integrity(handle: SqliteHandle): readonly string[] {
  const rows = handle.prepare('pragma integrity_check(20)').all([]) as { integrity_check: string }[]
  return rows.map(row => row.integrity_check).filter(line => line !== 'ok')
}

function references(handle: SqliteHandle): readonly string[] {
  const rows = handle.prepare('pragma foreign_key_check').all([]) as { table: string; parent: string }[]
  return rows.map(row => `a row of ${row.table} refers to a row of ${row.parent} that is not there`)
}
