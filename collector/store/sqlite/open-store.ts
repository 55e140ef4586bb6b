// The Store over SQLite: one connection that writes, one that reads beside it.
import type { Clock } from '../../../runtime/clock.ts'
import { oneAfterAnother } from '../../../runtime/one-after-another.ts'
import { replicaName } from '../replicas.ts'
import { localSignals } from '../signals.ts'
import { migrate, newestSchema, type OpenOptions } from '../sql/migrate.ts'
import { createReader, createWriter, type Writer } from '../sql/store-parts.ts'
import type { Store } from '../store.ts'
import type { StoreTransaction } from '../transaction.ts'
import { createLogSync, type SyncFile } from './log-sync.ts'
import { createMergeLog } from './merge-log.ts'
import { openReader, openWriter, type SqliteHandle } from './open-database.ts'
import { sqliteConnection } from './sqlite-connection.ts'
import { sqliteUpkeep } from './sqlite-upkeep.ts'

/** SQLite merges the log itself, within a commit, when nobody else did until then: 256 MiB of pages. */
const lateMergePages = 65_536
/** Of work that writes all the time: a step of retention leaves up to some MiB in the log. */
const transactionsBetweenRests = 4

export interface SqliteOptions extends OpenOptions {
  /** how the log is put on the disk */
  readonly sync?: SyncFile
  /** told what goes on worse than it should */
  readonly warn?: (text: string) => void
}

/**
 * Opens the database file, making or migrating it. What was written is in the log at its commit, and on the disk when
 * `write` resolves: the disk is waited for outside of the event loop.
 * @throws GabionError with code `store` when it cannot be used or belongs to a newer program
 */
export async function openSqliteStore(path: string, clock: Clock, options: SqliteOptions = {}): Promise<Store> {
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
  handle.exec(`pragma synchronous = NORMAL; pragma wal_autocheckpoint = ${lateMergePages}`)
  const log = createLogSync(`${path}-wal`, options.sync)
  const onFailure = (reason: string) => options.warn?.(`${path}: its log could not be merged: ${reason}`)
  const merging = createMergeLog({ path, clock, exclusively, onFailure })
  const upkeep = sqliteUpkeep(path, handle, clock, reading, exclusively)
  let isOpen = true
  let restless = 0
  return {
    read: createReader(reading),
    signals,
    isShared: false,
    schema: newestSchema,
    replica: replicaName(),
    upkeep: {
      ...upkeep,
      async tidy() {
        const hasMore = await upkeep.tidy()
        // Pages that are moved are in the log, too.
        merging.committed()
        return hasMore
      },
      async rest() {
        if (++restless % transactionsBetweenRests === 0) await merging.now()
      },
    },
    async write(work) {
      const { done, hasDrift } = await exclusively(() => inTransaction(handle, writer, work))
      await log.synced()
      if (hasDrift) signals.deliver({ kind: 'committed' })
      merging.committed()
      return done
    },
    async ping() {
      // One page, as it is: beginning alone would not notice a full disk.
      await exclusively(async () => handle.exec('pragma user_version = 0'))
      await log.synced()
    },
    close: async () => {
      await merging.close()
      return exclusively(async () => {
        if (!isOpen) return
        isOpen = false
        log.close()
        reader.close()
        handle.exec('pragma optimize')
        handle.close()
      })
    },
  }
}

async function inTransaction<T>(
  handle: SqliteHandle,
  { transaction, late }: Writer,
  work: (transaction: StoreTransaction) => Promise<T>,
): Promise<{ readonly done: T; readonly hasDrift: boolean }> {
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
  return { done, hasDrift }
}

/** SQLite has rolled back by itself after some errors (disk full, I/O); a second rollback then fails and says nothing. */
function rollBack(handle: SqliteHandle): void {
  try {
    handle.exec('rollback')
  } catch {
    return
  }
}
