// What a failed system call means as an answer of the Host: absent, or unreadable with the errno and what would help.
import type { Stats } from 'node:fs'
import { errnoOf } from '../../runtime/errors.ts'
import type { Failure, FileKind } from './host.ts'

const absences: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ESRCH'])
const denials: ReadonlySet<string> = new Set(['EACCES', 'EPERM'])
const traced = /^\/proc\/[^/]+\/(task\/[^/]+\/)?(fd|fdinfo|exe|cwd|root|environ|maps|smaps|map_files|ns|mem|io)(\/|$)/

/** Failure of one operation on `path` by what the system call said. */
export function failureOf(path: string, error: unknown): Failure {
  const errno = errnoOf(error)
  if (absences.has(errno)) return absentFailure(path, errno)
  if (errno === 'EISDIR') return notRegular(path, 'directory')
  if (!denials.has(errno)) return { state: 'unreadable', path, detail: errno || 'unknown error' }
  return { state: 'unreadable', path, detail: `${errno}, ${whatHelps(path, errno)} would help` }
}

export function absentFailure(path: string, detail: string): Failure {
  return { state: 'absent', path, detail }
}

export function notRegular(path: string, kind: FileKind): Failure {
  return { state: 'notRegular', path, detail: kind }
}

export function tooLarge(path: string, limit: string): Failure {
  return { state: 'tooLarge', path, detail: `over the limit of ${limit}` }
}

/** Everything that needs the running system, asked of a root that is not it. */
export function offlineRoot(path: string): Failure {
  return absentFailure(path, 'offline root')
}

export function kindOf(stats: Pick<Stats, 'mode'>): FileKind {
  return kinds[(stats.mode >> 12) & 0o17] ?? 'file'
}

/** By the file type bits of st_mode, inode(7). */
const kinds: Readonly<Record<number, FileKind>> = {
  1: 'fifo',
  2: 'character',
  4: 'directory',
  6: 'block',
  8: 'file',
  10: 'symlink',
  12: 'socket',
}

function whatHelps(path: string, errno: string): string {
  // Rights on kernel parameters go by user and group alone, proc_sysctl.c; a few ask for more when they are read.
  if (path.startsWith('/proc/sys/')) return errno === 'EPERM' ? 'CAP_SYS_ADMIN' : 'being root'
  return traced.test(path) ? 'CAP_SYS_PTRACE' : 'CAP_DAC_READ_SEARCH'
}
