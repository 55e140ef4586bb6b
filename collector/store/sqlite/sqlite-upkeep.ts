// Upkeep of a SQLite file: pages that are free go back to the disk a few at a time.
import { statSync } from 'node:fs'
import type { Clock } from '../../../runtime/clock.ts'
import type { Upkeep } from '../retention.ts'
import { locksOfProcess } from '../singleton.ts'
import type { Connection } from '../sql/connection.ts'
import { newestBody } from '../sql/prune.ts'
import { unusedDetails } from '../sql/unused-details.ts'
import type { SqliteHandle } from './open-database.ts'

/** Pages that are given back by one statement, and how long one transaction of them may take. */
const pagesAtOnce = 10
const tidyMs = 5
/** Free pages that stay for what comes, as a part of all. */
const keptPart = 0.1

/** @param reader another connection than the handle's; @param exclusively runs work between two transactions */
export function sqliteUpkeep(
  path: string,
  handle: SqliteHandle,
  clock: Pick<Clock, 'monotonic'>,
  reader: Connection,
  exclusively: <T>(work: () => Promise<T>) => Promise<T>,
): Omit<Upkeep, 'rest'> {
  const number = (pragma: string): number => {
    const row = handle.prepare(`pragma ${pragma}`).get([]) as Readonly<Record<string, number>>
    return Object.values(row)[0] ?? 0
  }
  return {
    ifAlone: locksOfProcess(),
    partitions: () => undefined,
    // Whoever opened it was alone.
    contract: async () => false,
    newestBody: () => newestBody(reader),
    unusedDetails: usedBefore => unusedDetails(reader, usedBefore),
    tidy: () =>
      exclusively(async () => {
        const spare = number('freelist_count') - Math.ceil(number('page_count') * keptPart)
        // A file that was made by an earlier version gives nothing back before its next vacuum.
        const givesBack = number('auto_vacuum') === 2
        if (spare <= 0 || !givesBack) return false
        const startedMs = clock.monotonic()
        let given = 0
        for (; given < spare && clock.monotonic() - startedMs < tidyMs; given += pagesAtOnce) {
          handle.exec(`pragma incremental_vacuum(${Math.min(spare - given, pagesAtOnce)})`)
        }
        return given < spare
      }),
    size: async () => {
      const pageBytes = number('page_size')
      const pages = { bytes: number('page_count') * pageBytes, freeBytes: number('freelist_count') * pageBytes }
      return { ...pages, logBytes: logBytes(path) }
    },
  }
}

const logBytes = (path: string) => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
