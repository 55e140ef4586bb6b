// Makes a backup whole or not at all: under another name first, which it gets when everything is on the disk.
import { closeSync, cpSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { errnoOf, GabionError } from '../../runtime/errors.ts'
import { syncDirectory } from '../../runtime/write-file.ts'
import { authorityDirectory, databasePath } from '../data-directory.ts'
import type { DatabaseLocation } from '../store/database-location.ts'
import { backUpStore } from '../store/look-after.ts'

/**
 * What an earlier one left that was killed is taken away.
 * @param output directory that is not there yet
 * @returns whether there was a CA to copy
 * @throws GabionError with code `usage` when the directory is there or cannot be made, `store` when the database cannot be copied
 */
export async function backUp(dataDirectory: string, location: DatabaseLocation, output: string): Promise<boolean> {
  const target = resolve(output)
  const partial = `${target}.partial`
  if (existsSync(target)) throw new GabionError('usage', `--output ${output}: cannot be made (EEXIST)`)
  try {
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial, { mode: 0o700 })
  } catch (cause) {
    throw new GabionError('usage', `--output ${output}: cannot be made (${errnoOf(cause)})`, { cause })
  }
  try {
    await backUpStore(location, databasePath(partial))
    const authority = authorityDirectory(dataDirectory)
    const hasAuthority = existsSync(authority)
    if (hasAuthority) cpSync(authority, authorityDirectory(partial), { recursive: true, preserveTimestamps: true })
    syncAll(partial)
    renameSync(partial, target)
    syncDirectory(dirname(target))
    return hasAuthority
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw error
  }
}

function syncAll(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) syncDirectory(path)
    else if (entry.isFile()) syncFile(path)
  }
  syncDirectory(directory)
}

function syncFile(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
