// Writes what a command made into the file that somebody asked for, whole or not at all.
import { accessSync, constants, realpathSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errnoOf, GabionError, usageError } from '../../runtime/errors.ts'
import { replaceFile } from '../../runtime/write-file.ts'

/**
 * Told before any work is done.
 * @param option as the user wrote it, for the error
 * @throws GabionError (usage) when a file cannot be written there
 */
export function requireWritable(option: string, file: string): void {
  const directory = dirname(file)
  try {
    if (!statSync(directory).isDirectory()) throw usageError(`${option}: ${directory} is not a directory`)
    accessSync(kindOf(file) === 'special' ? file : directory, constants.W_OK)
  } catch (error) {
    if (error instanceof GabionError) throw error
    throw usageError(`${option}: cannot be written (${errnoOf(error)})`)
  }
  if (kindOf(file) === 'directory') throw usageError(`${option}: is a directory`)
}

/**
 * A regular file is written aside and renamed, so that nobody reads half of it; a device or a FIFO is written to.
 * @param mode of a new file, before the umask
 * @throws GabionError (usage) when it cannot be written
 */
export function writeReport(option: string, file: string, text: string, mode = 0o666): void {
  try {
    const kind = kindOf(file)
    if (kind === 'special') writeFileSync(file, text)
    else replaceFile(kind === 'file' ? realpathSync(file) : file, text, mode)
  } catch (error) {
    throw usageError(`${option}: cannot be written (${errnoOf(error)})`)
  }
}

function kindOf(file: string): 'none' | 'file' | 'directory' | 'special' {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat) return 'none'
  return stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'special'
}
