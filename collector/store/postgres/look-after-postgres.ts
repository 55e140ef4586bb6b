// Checks, copies and vacuums a whole PostgreSQL database, over a connection that may take as long as it takes.
import type { Kysely } from 'kysely'
import { checkTables, type DatabaseCheck } from '../sql/check-tables.ts'
import type { Tables } from '../sql/tables.ts'
import { type PostgresOptions, patiently } from './open-client.ts'
import { databaseOn } from './postgres-connection.ts'

const oneState = 'begin isolation level repeatable read read only'

export const checkPostgres = (server: PostgresOptions): Promise<DatabaseCheck> => copyFromPostgres(server, checkTables)

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
