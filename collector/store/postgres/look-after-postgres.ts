// Checks, copies and vacuums a whole PostgreSQL database, over a connection that may take as long as it takes.
import { type Kysely, sql } from 'kysely'
import { checkTables, type DatabaseCheck } from '../sql/check-tables.ts'
import type { Tables } from '../sql/tables.ts'
import { partitionedTables } from '../sql/time-partitions.ts'
import { type PostgresOptions, patiently } from './open-client.ts'
import { databaseOn } from './postgres-connection.ts'

const oneState = 'begin isolation level repeatable read read only'

export const checkPostgres = (server: PostgresOptions): Promise<DatabaseCheck> =>
  copyFromPostgres(server, database => checkTables(database, () => references(database)))

/** Of tables whose partitions come and go: keys that refer to hosts would have to lock those. */
async function references(database: Kysely<Tables>): Promise<readonly string[]> {
  const problems: string[] = []
  for (const { table } of Object.values(partitionedTables)) {
    const there = await sql`select 1 where to_regclass(${table}) is not null`.execute(database)
    if (there.rows.length === 0) continue
    const { rows } = await sql`select 1 from ${sql.table(table)} as past
      where not exists (select 1 from host where host.host_no = past.host_no) limit 1`.execute(database)
    if (rows.length > 0) problems.push(`a row of ${table} refers to a row of host that is not there`)
  }
  return problems
}

/** Work that sees one state of everything. */
export function copyFromPostgres<T>(
  server: PostgresOptions,
  work: (database: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  return patiently(server, async client => {
    await client.query(oneState)
    return work(databaseOn(client))
  })
}

/** Work that is done as a whole or not at all. */
export function copyToPostgres<T>(server: PostgresOptions, work: (database: Kysely<Tables>) => Promise<T>): Promise<T> {
  return patiently(server, async client => {
    await client.query('begin')
    const done = await work(databaseOn(client))
    await client.query('commit')
    return done
  })
}

export const vacuumPostgres = (server: PostgresOptions): Promise<void> =>
  patiently(server, async client => void (await client.query('vacuum (analyze)')))
