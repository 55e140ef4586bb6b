// Puts the log of a SQLite file on the disk without holding up the event loop, once for all commits that wait for it.
import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { messageOf } from '../../../runtime/errors.ts'
import { StoreUnavailable } from '../unavailable.ts'

export interface LogSync {
  /**
   * Resolves when everything that was committed before the call is on the disk.
   * @throws StoreUnavailable when it is not; it stays so, since nobody knows what the disk has kept
   */
  synced(): Promise<void>
  close(): void
}

/** `fdatasync(2)` of a descriptor. */
export type SyncFile = (descriptor: number) => Promise<void>

const syncData: SyncFile = promisify(fdatasync)

/**
 * @param path of the log. Whoever opened the database keeps the file: SQLite shortens it, and makes no other one while
 * a connection is open. Closing another descriptor of it gives no lock away, as those are on the database and its index.
 */
export function createLogSync(path: string, sync: SyncFile = syncData): LogSync {
  let descriptor: number | undefined
  let failure: StoreUnavailable | undefined
  let running: Promise<void> = Promise.resolve()
  /** begins when what runs has ended: what runs may have begun before the last commits */
  let next: Promise<void> | undefined

  async function syncOnce(): Promise<void> {
    if (failure) throw failure
    try {
      descriptor ??= openSync(path, 'r')
      await sync(descriptor)
    } catch (cause) {
      failure = new StoreUnavailable(`${path}: cannot be synced: ${messageOf(cause)}`, cause)
      throw failure
    }
  }

  function begin(): Promise<void> {
    next = undefined
    running = syncOnce()
    return running
  }

  return {
    synced() {
      next ??= running.then(begin, begin)
      return next
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
  }
}
