// Parses /proc/PID/net/unix for the sockets that listen (unix_seq_show of net/unix/af_unix.c).

export interface UnixListener {
  readonly inode: number
  /** as it was bound; `@NAME` for one without a file */
  readonly path: string
}

/** SO_ACCEPTCON among the flags, any type, unconnected; the path may hold anything but NUL. */
const row = /^[0-9a-f]{8,16}: [0-9A-F]{8} [0-9A-F]{8} 00010000 [0-9A-F]{4} 01 +(\d{1,15}) (.{1,108})$/gm

/**
 * A path may hold line ends, so that anybody can add lines: what is no row is passed over. A row that somebody made up
 * can only name a socket of theirs, or one that is not there.
 */
export function parseProcNetUnix(text: string): readonly UnixListener[] {
  return [...text.matchAll(row)].map(([, inode, path = '']) => ({ inode: Number(inode), path }))
}
