// Brings a database to the program's schema, one numbered migration per transaction.
import { Kysely, SqliteDialect } from 'kysely'
import { GabionError } from '../../../runtime/errors.ts'
import type { Migration } from './migration.ts'
import { initial } from './migrations/0001-initial.ts'
import { packedBodies } from './migrations/0002-packed-bodies.ts'
import { identities } from './migrations/0003-identities.ts'
import { gaps } from './migrations/0004-gaps.ts'
import { agentHealth } from './migrations/0005-agent-health.ts'
import { access } from './migrations/0007-access.ts'
import type { Connection } from './open-database.ts'
import type { Tables } from './tables.ts'

export const migrations: readonly Migration[] = [initial, packedBodies, identities, gaps, agentHealth, access]

/** A Kysely over a connection; whoever opened the connection closes it. */
export function queries(connection: Connection): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) })
}

/**
 * Applies what is missing.
 * @returns the number of the schema now
 * @throws GabionError with code `store` when the database was written by a newer program
 */
export async function migrate(
  connection: Connection,
  nowMs: number,
  list: readonly Migration[] = migrations,
): Promise<number> {
  connection.exec(
    'create table if not exists migration (number integer primary key, name text not null, applied_at integer not null) strict',
  )
  const database = queries(connection)
  const applied = await schemaNumber(connection)
  const newest = list.at(-1)?.number ?? 0
  if (applied > newest) {
    throw new GabionError(
      'store',
      `the database has schema ${applied}, this program knows up to ${newest}: it was written by a newer version`,
    )
  }
  for (const migration of list.filter(({ number }) => number > applied)) {
    await database.transaction().execute(async transaction => {
      await migration.up(transaction)
      const { number, name } = migration
      await transaction.insertInto('migration').values({ number, name, applied_at: nowMs }).execute()
    })
  }
  return newest
}

/** Number of the newest migration in a database, 0 when there is none. */
export async function schemaNumber(connection: Connection): Promise<number> {
  const [table] = connection.prepare("select name from sqlite_master where name = 'migration'").all([])
  if (table === undefined) return 0
  const row = await queries(connection)
    .selectFrom('migration')
    .select(({ fn }) => fn.max<number | null>('number').as('number'))
    .executeTakeFirst()
  return row?.number ?? 0
}
