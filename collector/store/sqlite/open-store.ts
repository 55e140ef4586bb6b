// The Store over SQLite: one connection that writes, one that reads beside it.
import type { Clock } from '../../../runtime/clock.ts'
import { oneAfterAnother } from '../../../runtime/one-after-another.ts'
import { localSignals } from '../signals.ts'
import { migrate, type OpenOptions } from '../sql/migrate.ts'
import { createReader, createWriter, type Writer } from '../sql/store-parts.ts'
import type { Store } from '../store.ts'
import type { StoreTransaction } from '../transaction.ts'
import { openReader, openWriter, type SqliteHandle } from './open-database.ts'
import { sqliteConnection } from './sqlite-connection.ts'
import { sqliteUpkeep } from './sqlite-upkeep.ts'

/**
 * Opens the database file, making or migrating it.
 * @throws GabionError with code `store` when it cannot be used or belongs to a newer program
 */
export async function openSqliteStore(path: string, clock: Clock, options: OpenOptions = {}): Promise<Store> {
  const handle = openWriter(path)
  const connection = sqliteConnection(handle)
  try {
    await migrate(connection.database, { nowMs: clock.now(), ...options })
  } catch (error) {
    handle.close()
    throw error
  }
  const reader = openReader(path)
  const reading = sqliteConnection(reader)
  const writer = createWriter(connection)
  const signals = localSignals()
  const exclusively = oneAfterAnother()
  let isOpen = true
  return {
    read: createReader(reading),
    signals,
    isShared: false,
    upkeep: sqliteUpkeep(path, handle, reading, exclusively),
    write: work => exclusively(() => inTransaction(handle, writer, work, () => signals.deliver({ kind: 'committed' }))),
    ping: () =>
      exclusively(async () => {
        handle.exec('begin immediate; rollback')
      }),
    close: () =>
      exclusively(async () => {
        if (!isOpen) return
        isOpen = false
        reader.close()
        handle.exec('pragma optimize')
        handle.close()
      }),
  }
}

async function inTransaction<T>(
  handle: SqliteHandle,
  { transaction, late }: Writer,
  work: (transaction: StoreTransaction) => Promise<T>,
  onDrift: () => void,
): Promise<T> {
  handle.exec('begin immediate')
  let done: T
  let hasDrift: boolean
  try {
    done = await work(transaction)
    hasDrift = late.drift.size > 0
    late.counts.flush()
    late.drift.flush()
    handle.exec('commit')
  } catch (error) {
    late.counts.discard()
    late.drift.discard()
    rollBack(handle)
    throw error
  }
  if (hasDrift) onDrift()
  return done
}

/** SQLite has rolled back by itself after some errors (disk full, I/O); a second rollback then fails and says nothing. */
function rollBack(handle: SqliteHandle): void {
  try {
    handle.exec('rollback')
  } catch {
    return
  }
}
