// The Store over SQLite: one connection that writes, one that reads beside it.
import type { Clock } from '../../../runtime/clock.ts'
import type { Store } from '../store.ts'
import type { StoreTransaction } from '../transaction.ts'
import { accessReads, accessWrites } from './access.ts'
import { agentHealthReads, agentHealthWrites } from './agent-health.ts'
import { deleteHost, retireHost } from './delete-host.ts'
import { gapReads, gapWrites } from './gaps.ts'
import { identityReads, identityWrites } from './identities.ts'
import { migrate, queries } from './migrate.ts'
import { type Connection, openReader, openWriter } from './open-database.ts'
import { readDrift, readDriftAfter } from './read-drift.ts'
import { facetReads } from './read-facets.ts'
import { hostReads } from './read-hosts.ts'
import { resultReads } from './read-results.ts'
import { facetWrites } from './write-facets.ts'
import { hostWrites } from './write-hosts.ts'
import { resultWrites } from './write-results.ts'

/**
 * Opens the database file, making or migrating it.
 * @throws GabionError with code `store` when it cannot be used or belongs to a newer program
 */
export async function openSqliteStore(path: string, clock: Clock): Promise<Store> {
  const writer = openWriter(path)
  try {
    await migrate(writer, clock.now())
  } catch (error) {
    writer.close()
    throw error
  }
  const reader = openReader(path)
  const database = queries(reader)
  const transaction: StoreTransaction = {
    ...hostWrites(writer),
    ...facetWrites(writer),
    ...resultWrites(writer),
    ...identityWrites(queries(writer)),
    ...gapWrites(queries(writer)),
    ...agentHealthWrites(queries(writer)),
    ...accessWrites(queries(writer)),
    deleteHost: id => deleteHost(queries(writer), id),
    retireHost: (id, reason, atMs) => retireHost(queries(writer), id, reason, atMs),
  }
  const exclusively = mutex()
  let isOpen = true
  return {
    read: {
      ...hostReads(database),
      ...facetReads(database, reader),
      ...identityReads(database),
      ...gapReads(database),
      ...agentHealthReads(database),
      ...accessReads(database),
      ...resultReads(database),
      drift: (filter, page) => readDrift(database, filter, page),
      driftAfter: (id, limit, scope) => readDriftAfter(database, id, limit, scope),
    },
    write: work => exclusively(() => inTransaction(writer, () => work(transaction))),
    ping: () =>
      exclusively(async () => {
        writer.exec('begin immediate; rollback')
      }),
    close: () =>
      exclusively(async () => {
        if (!isOpen) return
        isOpen = false
        reader.close()
        writer.exec('pragma optimize')
        writer.close()
      }),
  }
}

async function inTransaction<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  connection.exec('begin immediate')
  let done: T
  try {
    done = await work()
  } catch (error) {
    rollBack(connection)
    throw error
  }
  try {
    connection.exec('commit')
  } catch (error) {
    rollBack(connection)
    throw error
  }
  return done
}

/** SQLite has rolled back by itself after some errors (disk full, I/O); a second rollback then fails and says nothing. */
function rollBack(connection: Connection): void {
  try {
    connection.exec('rollback')
  } catch {
    return
  }
}

/** Runs one piece of work after another, whatever becomes of the one before. */
function mutex() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
}
