// Reads which sockets the host's processes hold, and the listening part of its TCP tables: the hot path of a sweep.
import { closeSync, constants, openSync, readdirSync, readlinkSync, readSync } from 'node:fs'
import { errnoOf } from '../../runtime/errors.ts'
import { decodeHostBytes } from './decode.ts'
import { failureOf, offlineRoot, tooLarge } from './failure.ts'
import type { Failure, Host, Outcome } from './host.ts'
import { shareTurn } from './turns.ts'

/** The wanted sockets of one process: inode → one of its descriptors. */
export type HeldSockets =
  | { readonly state: 'read'; readonly sockets: ReadonlyMap<number, number> }
  | { readonly state: 'ended' }
  | { readonly state: 'unreadable'; readonly failure: Failure }

const maxTableBytes = 16 * 1024 * 1024
/** seq_file gives at most a page per read, so a smaller buffer would only cost calls */
const page = Buffer.allocUnsafeSlow(4096)
/** how many links are read before the length of the turn is looked at */
const linksPerTurn = 256
const tableFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW

/**
 * Looks for sockets among the descriptors of each process. Only links of /proc are read, which never block.
 * @param wanted inodes; others are not kept, however many descriptors there are
 */
export async function readHeldSockets(
  host: Host,
  pids: Iterable<number>,
  wanted: ReadonlySet<number>,
): Promise<ReadonlyMap<number, HeldSockets>> {
  const held = new Map<number, HeldSockets>()
  if (!host.live) return held
  for (const pid of pids) {
    held.set(pid, await socketsOf(host, pid, wanted))
  }
  return held
}

/** Whether a descriptor still is that socket. */
export function holdsSocket(host: Host, pid: number, descriptor: number, inode: number): boolean {
  try {
    return readlinkSync(`${prefixOf(host)}/proc/${pid}/fd/${descriptor}`) === `socket:[${inode}]`
  } catch {
    return false
  }
}

/**
 * The rows of a TCP table (/proc/1/net/tcp, tcp6) up to the first connection. The kernel lists listening sockets first
 * (tcp_seq_start of net/ipv4/tcp_ipv4.c), kernels before 4.4 with their half-open connections (state 03) among them;
 * connections may be hundreds of thousands and are not read.
 */
export async function readListeningRows(host: Host, path: string): Promise<Outcome<string>> {
  if (!host.live) return offlineRoot(path)
  const wait = shareTurn()
  if (wait) await wait
  try {
    const bytes = readUntilConnection(`${prefixOf(host)}${path}`)
    return bytes ? { state: 'present', path, value: decodeHostBytes(bytes) } : tooLarge(path, `${maxTableBytes} bytes`)
  } catch (error) {
    return failureOf(path, error)
  }
}

function readUntilConnection(file: string): Buffer | undefined {
  const descriptor = openSync(file, tableFlags)
  const chunks: Buffer[] = []
  let length = 0
  try {
    for (;;) {
      const count = readSync(descriptor, page, 0, page.length, null)
      if (count === 0) return Buffer.concat(chunks, length)
      length += count
      if (length > maxTableBytes) return undefined
      chunks.push(Buffer.from(page.subarray(0, count)))
      const end = page.lastIndexOf('\n', count - 1)
      if (isConnection(lineBefore(end))) return Buffer.concat(chunks, length - count + end + 1)
    }
  } finally {
    closeSync(descriptor)
  }
}

/** The last whole line in the page, without its line end; empty when there is none. */
function lineBefore(end: number): string {
  return end <= 0 ? '' : page.toString('latin1', page.lastIndexOf('\n', end - 1) + 1, end)
}

function isConnection(line: string): boolean {
  const state = /^ *\d+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line)?.[1]
  return state !== undefined && state !== '0A' && state !== '03'
}

async function socketsOf(host: Host, pid: number, wanted: ReadonlySet<number>): Promise<HeldSockets> {
  const directory = `${prefixOf(host)}/proc/${pid}/fd`
  const sockets = new Map<number, number>()
  try {
    for (const [index, name] of readdirSync(directory).entries()) {
      const wait = index % linksPerTurn === 0 ? shareTurn() : undefined
      if (wait) await wait
      const inode = socketInode(`${directory}/${name}`)
      if (inode !== undefined && wanted.has(inode)) sockets.set(inode, Number(name))
    }
  } catch (error) {
    const failure = failureOf(`/proc/${pid}/fd`, error)
    return failure.state === 'absent' ? { state: 'ended' } : { state: 'unreadable', failure }
  }
  return { state: 'read', sockets }
}

/** Undefined for what is no socket, and for a descriptor that was closed meanwhile. */
function socketInode(link: string): number | undefined {
  try {
    const target = readlinkSync(link)
    return target.startsWith('socket:[') ? Number(target.slice('socket:['.length, -1)) : undefined
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function prefixOf(host: Host): string {
  return host.root.replace(/\/+$/, '')
}
