// What people do to a whole database: check it, migrate it, back it up, shrink it, copy it to another one.
import { existsSync } from 'node:fs'
import type { Kysely } from 'kysely'
import type { Clock } from '../../runtime/clock.ts'
import { GabionError } from '../../runtime/errors.ts'
import type { DatabaseLocation } from './database-location.ts'
import { checkPostgres, copyFromPostgres, copyToPostgres, vacuumPostgres } from './postgres/look-after-postgres.ts'
import { migratePostgres } from './postgres/migrate-postgres.ts'
import type { DatabaseCheck } from './sql/check-tables.ts'
import { type CopiedTable, copyTables } from './sql/copy-tables.ts'
import { migrate, migrations, newestSchema } from './sql/migrate.ts'
import { missingOf } from './sql/plan-migrations.ts'
import { readSchema, type Schema } from './sql/schema.ts'
import type { Tables } from './sql/tables.ts'
import { checkDatabase } from './sqlite/check-database.ts'
import { copyDatabaseFile, openReader, openWriter, type SqliteHandle } from './sqlite/open-database.ts'
import { sqliteConnection } from './sqlite/sqlite-connection.ts'

type Progress = (text: string) => void

/** @throws GabionError with code `store` when it cannot be opened */
export function checkStore(location: DatabaseLocation): Promise<DatabaseCheck> {
  return location.kind === 'sqlite' ? checkDatabase(location.path) : checkPostgres(location)
}

/** @param leave numbers of migrations that are left out; @returns the number of the schema now */
export async function migrateStore(
  location: DatabaseLocation,
  clock: Clock,
  progress: Progress,
  leave: ReadonlySet<number> = new Set(),
): Promise<number> {
  if (location.kind === 'postgres') return migratePostgres(location, { clock, progress, leave })
  const options = { nowMs: clock.now(), progress, leave }
  return withWriter(location.path, handle => migrate(sqliteConnection(handle).database, options))
}

/** Gives room back that nothing needs any more; whoever uses SQLite waits. */
export async function vacuumStore(location: DatabaseLocation): Promise<void> {
  if (location.kind === 'postgres') return vacuumPostgres(location)
  requireThere(location.path)
  await withWriter(location.path, async handle => handle.exec('vacuum; pragma wal_checkpoint(truncate)'))
}

/** One state of the whole file, while a collector uses it. @throws GabionError for a server: it has tools of its own */
export async function backUpStore(location: DatabaseLocation, path: string): Promise<void> {
  if (location.kind === 'postgres') throw new GabionError('usage', 'back up a PostgreSQL database with pg_dump')
  requireThere(location.path)
  await copyDatabaseFile(location.path, path)
}

/** @param from nobody may write to it meanwhile, or what is written is not copied; @param to made, or without rows */
export async function copyStore(
  from: DatabaseLocation,
  to: DatabaseLocation,
  clock: Clock,
  progress: Progress,
): Promise<readonly CopiedTable[]> {
  // Whatever migrates a file makes it where it is not there.
  if (from.kind === 'sqlite') requireThere(from.path)
  await migrateStore(from, clock, progress)
  const source = await schemaOf(from)
  if (source.number > newestSchema) {
    throw new GabionError(
      'store',
      `the database has schema ${source.number}, this program copies up to ${newestSchema}: copy it with the newer version`,
    )
  }
  const waiting = missingOf(migrations, source).map(({ number }) => number)
  await migrateStore(to, clock, progress, new Set(waiting))
  const { applied } = await schemaOf(to)
  const more = waiting.find(number => applied.has(number))
  if (more !== undefined) {
    throw new GabionError('store', `the database to copy to has migration ${more}, which the other one waits with`)
  }
  const tell = ({ table, rows }: CopiedTable) => progress(`${table}: ${rows} rows`)
  const copyFrom: Work<readonly CopiedTable[]> = source => {
    const copyTo: Work<readonly CopiedTable[]> = target => copyTables(source, target, tell)
    return to.kind === 'sqlite' ? writingFile(to.path, copyTo) : copyToPostgres(to, copyTo)
  }
  return from.kind === 'sqlite' ? readingFile(from.path, copyFrom) : copyFromPostgres(from, copyFrom)
}

function schemaOf(location: DatabaseLocation): Promise<Schema> {
  return location.kind === 'sqlite' ? readingFile(location.path, readSchema) : copyFromPostgres(location, readSchema)
}

type Work<T> = (database: Kysely<Tables>) => Promise<T>

async function readingFile<T>(path: string, work: Work<T>): Promise<T> {
  const handle = openReader(path)
  try {
    handle.exec('begin')
    return await work(sqliteConnection(handle).database)
  } finally {
    handle.close()
  }
}

function writingFile<T>(path: string, work: Work<T>): Promise<T> {
  return withWriter(path, async handle => {
    handle.exec('begin immediate')
    const done = await work(sqliteConnection(handle).database)
    handle.exec('commit')
    return done
  })
}

async function withWriter<T>(path: string, work: (handle: SqliteHandle) => Promise<T>): Promise<T> {
  const handle = openWriter(path)
  try {
    return await work(handle)
  } finally {
    handle.close()
  }
}

function requireThere(path: string): void {
  if (!existsSync(path)) throw new GabionError('store', `${path}: is not there`)
}
