// Lists one directory up to a limit of entries, with names of any bytes.
import { closeSync, constants, type Dirent, opendirSync, openSync } from 'node:fs'
import { decodeHostBytes } from './decode.ts'
import { tooLarge } from './failure.ts'
import type { DirectoryEntry, Failure, FileKind } from './host.ts'
import { O_PATH } from './resolve.ts'

/** Lists the directory at `entry`, sorted by name (UTF-16 code units). @param asked the path of the answer */
export function listDirectory(entry: string | Buffer, asked: string, maxEntries: number): DirectoryEntry[] | Failure {
  const pin = openSync(entry, O_PATH | constants.O_NOFOLLOW | constants.O_DIRECTORY)
  try {
    return readEntries(`/proc/self/fd/${pin}`, maxEntries) ?? tooLarge(asked, `${maxEntries} entries`)
  } finally {
    closeSync(pin)
  }
}

function readEntries(directory: string, maxEntries: number): DirectoryEntry[] | undefined {
  const handle = opendirSync(directory, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })
  const entries: DirectoryEntry[] = []
  try {
    for (let dirent = handle.readSync(); dirent; dirent = handle.readSync()) {
      if (entries.length === maxEntries) return undefined
      entries.push({ name: decodeHostBytes(dirent.name as unknown as Buffer), kind: kindOfEntry(dirent) })
    }
  } finally {
    handle.closeSync()
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function kindOfEntry(dirent: Dirent): FileKind {
  if (dirent.isFile()) return 'file'
  if (dirent.isDirectory()) return 'directory'
  if (dirent.isSymbolicLink()) return 'symlink'
  if (dirent.isFIFO()) return 'fifo'
  if (dirent.isSocket()) return 'socket'
  return dirent.isBlockDevice() ? 'block' : 'character'
}
