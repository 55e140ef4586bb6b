// The collector's own directory: made for its owner only, and locked while a collector uses it.
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf, GabionError } from '../runtime/errors.ts'
import type { Log } from '../runtime/log.ts'
import { takeLock } from './store/sqlite/open-database.ts'

export interface DataDirectory {
  readonly databasePath: string
  /** lets another collector use it */
  release(): void
}

/** @throws GabionError with code `state_directory` or, when another collector has it, `store` */
export function openDataDirectory(path: string, log: Log): DataDirectory {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const { mode } = statSync(path)
    if ((mode & 0o077) !== 0)
      log.warn('the data directory is open to others', { path, mode: (mode & 0o777).toString(8) })
  } catch (cause) {
    throw new GabionError('state_directory', `${path}: cannot be used as data directory (${errnoOf(cause)})`, { cause })
  }
  const release = lockDataDirectory(path)
  return { databasePath: databasePath(path), release }
}

export const databasePath = (directory: string): string => join(directory, 'collector.db')

/** Where the CA is, with its key. */
export const authorityDirectory = (directory: string): string => join(directory, 'pki')

/**
 * @returns what releases it
 * @throws GabionError with code `store` while a collector uses the directory
 */
export const lockDataDirectory = (directory: string): (() => void) => takeLock(join(directory, 'collector.lock'))
