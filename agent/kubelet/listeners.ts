// Finds the listening TCP sockets of the host and those that one process holds.
import type { Failure, Host } from '../host/host.ts'
import { parseProcNetTcp, type SocketRow, stateListen } from '../parse/proc-net-tcp.ts'

export interface Listeners {
  /** undefined when the tables cannot be read */
  readonly rows: readonly SocketRow[] | undefined
  readonly failures: readonly Failure[]
}

const maxTableBytes = 64 * 1024 * 1024
/** Links of one process that are looked at. */
const maxLinks = 20_000

/** Listening sockets of the host's own network namespace, that of process 1. */
export async function readListeners(host: Host): Promise<Listeners> {
  const rows: SocketRow[] = []
  const failures: Failure[] = []
  for (const table of ['/proc/1/net/tcp', '/proc/1/net/tcp6']) {
    const text = await host.readText(table, { maxBytes: maxTableBytes })
    if (text.state === 'present')
      rows.push(...parseProcNetTcp(text.value).rows.filter(row => row.state === stateListen))
    // A kernel without IPv6 has no tcp6; without tcp nothing is known.
    else if (text.state !== 'absent' || table.endsWith('tcp')) failures.push(text)
  }
  return { rows: failures.length > 0 ? undefined : rows, failures }
}

/** Socket inodes that a process holds; undefined when its links cannot be read. */
export async function readSocketInodes(host: Host, pid: number): Promise<ReadonlySet<number> | undefined> {
  const entries = await host.list(`/proc/${pid}/fd`, { maxEntries: maxLinks })
  if (entries.state !== 'present') return undefined
  const inodes = new Set<number>()
  for (const { name } of entries.value) {
    const link = await host.readLink(`/proc/${pid}/fd/${name}`)
    const inode = link.state === 'present' ? /^socket:\[(\d{1,15})\]$/.exec(link.value)?.[1] : undefined
    if (inode !== undefined) inodes.add(Number(inode))
    else if (link.state !== 'present' && link.state !== 'absent') return undefined
  }
  return inodes
}
