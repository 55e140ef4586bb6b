// Writes what a command made where somebody asked for it: to standard output, or to a file, whole or not at all.
import { accessSync, constants, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errnoOf, GabionError, usageError } from '../../runtime/errors.ts'

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
    if (kindOf(file) === 'special') writeFileSync(file, text)
    else replace(file, text, mode)
  } catch (error) {
    throw usageError(`${option}: cannot be written (${errnoOf(error)})`)
  }
}

function replace(file: string, text: string, mode: number): void {
  const target = kindOf(file) === 'file' ? realpathSync(file) : file
  const aside = join(dirname(target), `.${basename(target).slice(0, 200)}.${process.pid}`)
  try {
    rmSync(aside, { force: true })
    writeFileSync(aside, text, { mode, flag: 'wx' })
    renameSync(aside, target)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

function kindOf(file: string): 'none' | 'file' | 'directory' | 'special' {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat) return 'none'
  return stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'special'
}
