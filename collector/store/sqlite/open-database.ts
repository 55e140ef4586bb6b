// The one door to better-sqlite3: opens databases as the collector wants them, and the lock of a data directory.

import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { errnoOf, GabionError, messageOf } from '../../../runtime/errors.ts'

/** Statements that are kept prepared per connection. */
const maxStatements = 500

/** The log is cut to this length when it was merged into the file. */
const logLimitBytes = 64 * 1024 * 1024

export interface Statement {
  readonly reader: boolean
  all(parameters: readonly unknown[]): unknown[]
  get(parameters: readonly unknown[]): unknown
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>
}

/** A handle that keeps its statements prepared; fits Kysely's SqliteDialect. */
export interface SqliteHandle {
  prepare(sql: string): Statement
  exec(sql: string): void
  close(): void
}

/**
 * Opens the database for writing: WAL, every commit synced, foreign keys enforced. A new file is readable by its owner
 * only; SQLite gives its WAL the same mode.
 */
export function openWriter(path: string): SqliteHandle {
  return open(path, () => {
    closeSync(openSync(path, 'a', 0o600))
    const database = new Database(path, { timeout: 5_000 })
    // Of an empty file only; another one is vacuumed for it.
    database.pragma('auto_vacuum = INCREMENTAL')
    database.pragma('journal_mode = WAL')
    database.pragma(`journal_size_limit = ${logLimitBytes}`)
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.pragma('temp_store = MEMORY')
    database.pragma('cache_size = -65536')
    return database
  })
}

/** Opens an existing database for reading beside a writer. */
export function openReader(path: string): SqliteHandle {
  return open(path, () => {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 })
    database.pragma('query_only = ON')
    database.pragma('cache_size = -32768')
    return database
  })
}

export interface Merger {
  /** merges the log into the file, as far as nobody reads what is older. @returns pages in the log, and how many of them are in the file */
  merge(): { readonly pages: number; readonly merged: number }
  /** Has the log begin anew when all of it is merged, and waits for the disk as whoever begins it has to. */
  restart(): void
}

/** Opens a connection that merges the log. */
export function openMerger(path: string): Merger {
  const database = new Database(path, { fileMustExist: true, timeout: 5_000 })
  database.pragma(`journal_size_limit = ${logLimitBytes}`)
  database.pragma('synchronous = NORMAL')
  return {
    merge() {
      const [row] = database.pragma('wal_checkpoint(passive)') as readonly Readonly<Record<string, number>>[]
      return { pages: row?.['log'] ?? 0, merged: row?.['checkpointed'] ?? 0 }
    },
    // Writes one page, as it is.
    restart: () => void database.exec('pragma user_version = 0'),
  }
}

/** Every page in one step: a copy in several begins anew whenever somebody writes. */
const allPages = 2 ** 31 - 1

/**
 * Copies a database that may be in use, in one state of it.
 * @throws GabionError with code `store`
 */
export async function copyDatabaseFile(path: string, target: string): Promise<void> {
  closeSync(openSync(target, 'wx', 0o600))
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 })
  try {
    await database.backup(target, { progress: () => allPages })
  } catch (cause) {
    throw new GabionError('store', `${target}: cannot be written: ${messageOf(cause)}`, { cause })
  } finally {
    database.close()
  }
}

/**
 * Takes the lock of a data directory until it is released or the process ends, however it ends.
 * @returns what releases it
 * @throws GabionError with code `store` when somebody holds it
 */
export function takeLock(path: string): () => void {
  const database = open(path, () => {
    closeSync(openSync(path, 'a', 0o600))
    return new Database(path, { timeout: 0 })
  })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    if (errnoOf(cause) !== 'SQLITE_BUSY') throw cause
    throw new GabionError('store', `${path}: another collector uses this data directory`, { cause })
  }
  return () => database.close()
}

function open(path: string, make: () => Database.Database): SqliteHandle {
  try {
    return withStatementCache(make())
  } catch (cause) {
    if (cause instanceof GabionError) throw cause
    throw new GabionError('store', `${path}: cannot be opened: ${messageOf(cause)}`, { cause })
  }
}

function withStatementCache(database: Database.Database): SqliteHandle {
  const statements = new Map<string, Statement>()
  return {
    prepare(sql) {
      const known = statements.get(sql)
      if (known) return known
      const statement = database.prepare<unknown[]>(sql)
      const [oldest] = statements.size >= maxStatements ? statements.keys() : []
      if (oldest !== undefined) statements.delete(oldest)
      const made: Statement = {
        reader: statement.reader,
        all: parameters => statement.all(...parameters),
        get: parameters => statement.get(...parameters),
        run: parameters => statement.run(...parameters),
        iterate: parameters => statement.iterate(...parameters),
      }
      statements.set(sql, made)
      return made
    },
    exec: sql => {
      database.exec(sql)
    },
    close: () => {
      database.close()
    },
  }
}
