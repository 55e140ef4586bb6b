// Tells sockets that wait for somebody from those of clients, which come and go by themselves.
import type { PortsFacts } from '../../proto/facets/ports.ts'
import type { ListeningSocket } from './listening-sockets.ts'

export interface SettleOptions {
  /** undefined when it could not be read: then every UDP port may be a client's */
  readonly range: PortsFacts['localPortRange']
  /** no sweep follows: everything counts, as it does for `ss -l` */
  readonly oneShot: boolean
  /** inodes of the doubtful sockets of the sweep before, kept here for the next; undefined in the first sweep */
  readonly memory: { doubtful: ReadonlySet<number> | undefined }
  /** reads the sockets again after a while; asked at most once */
  readonly lookAgain: () => Promise<readonly ListeningSocket[]>
}

export interface Settled {
  readonly sockets: readonly ListeningSocket[]
  /** UDP sockets in the local port range that were seen in one sweep only */
  readonly ephemeralUdp: number
}

/**
 * An unconnected UDP socket in the local port range may be a client's that waits for an answer, a raw socket that of a
 * `ping`: they count when the same socket was there in the sweep before. The first sweep of a resident agent looks
 * twice, so that its restart neither loses the lasting ones for a sweep nor reports a client's.
 */
export async function settleSockets(sockets: readonly ListeningSocket[], options: SettleOptions): Promise<Settled> {
  const { memory, oneShot } = options
  const isDoubtful = (socket: ListeningSocket) => mayBeClient(socket, options.range)
  const doubtful = inodesOf(sockets.filter(isDoubtful))
  if (oneShot) return { sockets, ephemeralUdp: 0 }
  if (memory.doubtful || doubtful.size === 0) {
    const settled = sockets.filter(socket => !isDoubtful(socket) || memory.doubtful?.has(socket.inode))
    memory.doubtful = doubtful
    return { sockets: settled, ephemeralUdp: ephemeralUdp(sockets, settled) }
  }
  const later = await options.lookAgain()
  const settled = later.filter(socket => !isDoubtful(socket) || doubtful.has(socket.inode))
  memory.doubtful = inodesOf(later.filter(isDoubtful))
  return { sockets: settled, ephemeralUdp: ephemeralUdp(later, settled) }
}

function mayBeClient({ protocol, port }: ListeningSocket, range: PortsFacts['localPortRange']): boolean {
  if (protocol === 'raw') return true
  return protocol === 'udp' && (!range || (port >= range.low && port <= range.high))
}

function inodesOf(sockets: readonly ListeningSocket[]): ReadonlySet<number> {
  return new Set(sockets.map(({ inode }) => inode))
}

function ephemeralUdp(all: readonly ListeningSocket[], settled: readonly ListeningSocket[]): number {
  const isUdp = ({ protocol }: ListeningSocket) => protocol === 'udp'
  return all.filter(isUdp).length - settled.filter(isUdp).length
}
