// Reads a log of strace: what a program wrote to by name, and what it started.

export interface Write {
  readonly call: string
  readonly path: string
}

const changing =
  /^(creat|mkdir|mkdirat|mknod|mknodat|unlink|unlinkat|rmdir|rename|renameat|renameat2|link|linkat|symlink|symlinkat|truncate|chmod|fchmodat|chown|lchown|fchownat|utime|utimes|utimensat|setxattr|lsetxattr|removexattr|mount|umount2|pivot_root|open_tree|move_mount|fsmount)$/
const opening = /^(open|openat|openat2)$/
const forWriting = /\bO_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE|APPEND)\b/
const line = /^\d+ +(?<call>[a-z0-9_]+)\((?<args>.*)/
/** Where a program may write without leaving anything behind. */
const nothing = /^\/dev\/null$/

/** Calls that change a file or open one for writing, also those that failed, since the program itself runs. */
export function writesOf(trace: readonly string[]): readonly Write[] {
  const start = trace.findIndex(one => /\bexecve\(/.test(one))
  return trace.slice(start + 1).flatMap(one => {
    const { call = '', args = '' } = line.exec(one)?.groups ?? {}
    if (!changing.test(call) && !(opening.test(call) && forWriting.test(args))) return []
    const path = /"((?:[^"\\]|\\.)*)"/.exec(args)?.[1] ?? ''
    return nothing.test(path) ? [] : [{ call, path }]
  })
}

/** Paths of programs that were started, in order. */
export const execsOf = (trace: readonly string[]): readonly string[] =>
  trace.flatMap(one => /\bexecve\("((?:[^"\\]|\\.)*)"/.exec(one)?.[1] ?? [])
