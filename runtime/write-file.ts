// Writes files whole or not at all: nobody reads half of one, and where it matters no crash leaves half of one.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** On disk when it returns, directory entry included. @throws system errors */
export function writeFileDurably(path: string, content: string | Uint8Array, mode: number): void {
  const aside = `${path}.new`
  rmSync(aside, { force: true })
  const file = openSync(aside, 'wx', mode)
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(aside, path)
  syncDirectory(dirname(path))
}

/**
 * Written aside, under a hidden name, and renamed; it need not last through a crash.
 * @param mode before the umask
 * @throws system errors
 */
export function replaceFile(path: string, text: string, mode: number): void {
  const aside = join(dirname(path), `.${basename(path).slice(0, 200)}.${process.pid}`)
  try {
    rmSync(aside, { force: true })
    writeFileSync(aside, text, { mode, flag: 'wx' })
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/** Makes what was created, renamed or removed in a directory last through a crash. @throws system errors */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
