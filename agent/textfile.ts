// Writes metrics where node_exporter's textfile collector finds them, whole or not at all.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf, GabionError, usageError } from '../runtime/errors.ts'
import { replaceFile } from '../runtime/write-file.ts'

const fileName = 'gabion.prom'

/** @throws GabionError (usage) when the directory is not there */
export function requireTextfileDirectory(directory: string): void {
  let isDirectory = false
  try {
    isDirectory = statSync(directory).isDirectory()
  } catch (error) {
    throw usageError(`--textfile ${directory}: cannot be opened (${errnoOf(error)})`)
  }
  if (!isDirectory) throw usageError(`--textfile ${directory}: is not a directory`)
}

/**
 * Written aside, under a hidden name that the collector passes over, and renamed.
 * @throws GabionError `state_directory` when it cannot be written
 */
export function writeTextfile(directory: string, text: string): void {
  const path = join(directory, fileName)
  try {
    replaceFile(path, text, 0o644)
  } catch (cause) {
    throw new GabionError('state_directory', `${path}: cannot be written (${errnoOf(cause)})`, { cause })
  }
}
