// Reads, stats and lists inside a root: by the careful walk, or straight where only the kernel makes names.
import { closeSync, fstatSync, lstatSync, opendirSync, readlinkSync, type Stats } from 'node:fs'
import { errnoOf } from '../../runtime/errors.ts'
import { decodeHostBytes } from './decode.ts'
import { failureOf, kindOf, notRegular, tooLarge } from './failure.ts'
import type { DirectoryEntry, Failure, FileParts, FileStat, Outcome } from './host.ts'
import { listDirectory } from './list-directory.ts'
import { openPinned, readKernelFile, readPiece, readPinned } from './read-file.ts'
import { atPlace, type Place, type Root } from './resolve.ts'

export interface Ownership {
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

export interface RootedFiles extends Root {
  /** the prefix of kernel paths: the root without its last slash */
  readonly prefix: string
  /** whether /proc is procfs and /sys is sysfs */
  readonly kernel: { readonly proc: boolean; readonly sys: boolean }
  readonly overlay: ReadonlyMap<string, Ownership>
}

const maxPids = 100_000

export function readFileBytes(files: RootedFiles, path: string, maxBytes: number): Outcome<Uint8Array> {
  return (
    straight(files, path, file => presentOr(path, readKernelFile(file, path, maxBytes))) ??
    atPlace(files, path, true, ({ entry, stats }) => {
      if (!stats.isFile()) return notRegular(path, kindOf(stats))
      return presentOr(path, readPinned(entry, path, maxBytes))
    })
  )
}

/** Holds the file open while `use` runs. What `use` throws of its own goes on to the caller. */
export async function readFileParts<T>(
  files: RootedFiles,
  path: string,
  use: (file: FileParts) => Promise<T>,
): Promise<Outcome<T>> {
  const opened = atPlace(files, path, true, ({ entry, stats }) =>
    stats.isFile() ? openPinned(entry, path) : notRegular(path, kindOf(stats)),
  )
  if (typeof opened !== 'number') return opened
  try {
    const read: FileParts['read'] = (offset, length, into) => readPiece(opened, offset, length, into)
    return { state: 'present', path, value: await use({ sizeBytes: fstatSync(opened).size, read }) }
  } catch (error) {
    if (errnoOf(error) === '') throw error
    return failureOf(path, error)
  } finally {
    closeSync(opened)
  }
}

export function statFile(files: RootedFiles, path: string, follow: boolean): Outcome<FileStat> {
  const found = straight(files, path, file => {
    const stats = lstatSync(file)
    return follow && stats.isSymbolicLink() ? undefined : presentOr(path, fileStat(stats, files.overlay.get(path)))
  })
  return found ?? atPlace(files, path, follow, place => statOf(files, path, place))
}

export function listFiles(files: RootedFiles, path: string, maxEntries: number): Outcome<readonly DirectoryEntry[]> {
  return (
    straight(files, path, file => presentOr(path, listDirectory(file, path, maxEntries))) ??
    atPlace(files, path, true, ({ entry, stats }) => {
      if (!stats.isDirectory()) return notRegular(path, kindOf(stats))
      return presentOr(path, listDirectory(entry, path, maxEntries))
    })
  )
}

export function readLinkText(files: RootedFiles, path: string): Outcome<string> {
  return (
    straight(files, path, file => presentOr(path, linkText(file))) ??
    atPlace(files, path, false, ({ entry, stats }) => {
      if (!stats.isSymbolicLink()) return notRegular(path, kindOf(stats))
      return presentOr(path, linkText(entry))
    })
  )
}

export function resolvePath(files: RootedFiles, path: string): Outcome<string> {
  return atPlace(files, path, true, place => presentOr(path, place.path))
}

/** Names of /proc that are numbers, ascending. */
export function listPids(files: RootedFiles): Outcome<readonly number[]> {
  return atPlace(files, '/proc', true, ({ entry, stats }) => {
    if (!stats.isDirectory()) return notRegular('/proc', kindOf(stats))
    return presentOr('/proc', pidsOf(entry))
  })
}

function pidsOf(directory: string | Buffer): number[] | Failure {
  const handle = opendirSync(directory.toString(), { bufferSize: 512 })
  const pids: number[] = []
  try {
    for (let dirent = handle.readSync(); dirent; dirent = handle.readSync()) {
      if (!/^[1-9]\d{0,8}$/.test(dirent.name)) continue
      if (pids.length === maxPids) return tooLarge('/proc', `${maxPids} processes`)
      pids.push(Number(dirent.name))
    }
  } finally {
    handle.closeSync()
  }
  return pids.sort((a, b) => a - b)
}

/** Paths that could leave procfs or sysfs: `.`, `..`, empty components, and what lies behind a process's links. */
const crooked = /\/(?:\.{0,2})(?:\/|$)|^\/proc\/[^/]+\/(?:task\/[^/]+\/)?(?:cwd|root|exe|(?:fd|map_files|ns)\/[^/]+)\//

/**
 * Uses a path of procfs or sysfs without a walk: only the kernel makes links there.
 * Undefined where the walk has to look: other paths, foreign mounts, and symbolic links as the last component.
 */
function straight<T>(files: RootedFiles, path: string, use: (file: string) => T | undefined): T | Failure | undefined {
  const isKernels = (files.kernel.proc && path.startsWith('/proc/')) || (files.kernel.sys && path.startsWith('/sys/'))
  if (!isKernels || crooked.test(path) || path.includes('\0') || !path.isWellFormed()) return undefined
  if (files.mounts.isForeign(path) || files.mounts.remoteType(path) !== '') return undefined
  try {
    return use(files.prefix + path)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ELOOP' || errno === 'EINVAL' || errno === 'ENOTDIR') return undefined
    return failureOf(path, error)
  }
}

function linkText(file: string | Buffer): string {
  return decodeHostBytes(readlinkSync(file, { encoding: 'buffer' }))
}

function statOf(files: RootedFiles, path: string, place: Place): Outcome<FileStat> {
  return presentOr(path, fileStat(place.stats, files.overlay.get(place.path)))
}

function fileStat(stats: Stats, ownership: Ownership | undefined): FileStat {
  return {
    kind: kindOf(stats),
    mode: ownership?.mode ?? stats.mode & 0o7777,
    uid: ownership?.uid ?? stats.uid,
    gid: ownership?.gid ?? stats.gid,
    sizeBytes: stats.size,
    modifiedAtMs: Math.trunc(stats.mtimeMs),
    changedAtMs: Math.trunc(stats.ctimeMs),
  }
}

function presentOr<T>(path: string, value: T | Failure): Outcome<T> {
  return isFailure(value) ? value : { state: 'present', path, value }
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'state' in value && 'detail' in value && 'path' in value
}
