// Tests of telling lasting sockets from those of clients.
import t from 'tap'
import type { ListeningSocket } from '../../../agent/ports/listening-sockets.ts'
import { type SettleOptions, settleSockets } from '../../../agent/ports/settled-sockets.ts'

const range = { low: 32_768, high: 60_999 }
const socket = (protocol: ListeningSocket['protocol'], port: number, inode: number): ListeningSocket => ({
  protocol,
  family: 'ipv4',
  address: '0.0.0.0',
  scope: 'any',
  port,
  inode,
})
const inodes = (sockets: readonly ListeningSocket[]) => sockets.map(({ inode }) => inode)
const never: SettleOptions['lookAgain'] = () => Promise.reject(new Error('looked again'))

t.test('UDP below and above the local port range, TCP and SCTP count at once', async t => {
  const sockets = [
    socket('udp', 32_767, 1),
    socket('udp', 61_000, 2),
    socket('tcp', 40_000, 3),
    socket('sctp', 40_000, 4),
  ]
  const memory = { doubtful: undefined }
  const settled = await settleSockets(sockets, { range, oneShot: false, memory, lookAgain: never })
  t.strictSame(inodes(settled.sockets), [1, 2, 3, 4])
})

t.test('UDP in the range and raw sockets count when the same socket was there before', async t => {
  const memory: SettleOptions['memory'] = { doubtful: new Set([5]) }
  const first = [socket('udp', 32_768, 5), socket('udp', 60_999, 6), socket('raw', 1, 7)]
  const options = { range, oneShot: false, memory, lookAgain: never }
  const settled = await settleSockets(first, options)
  t.strictSame([inodes(settled.sockets), settled.ephemeralUdp], [[5], 1])
  t.strictSame(inodes((await settleSockets(first, options)).sockets), [5, 6, 7])
  t.strictSame(
    inodes((await settleSockets([socket('udp', 60_999, 8)], options)).sockets),
    [],
    'same port, other socket',
  )
})

t.test('the first sweep looks twice and tells what stood in both', async t => {
  const memory: SettleOptions['memory'] = { doubtful: undefined }
  const lookAgain = async () => [socket('udp', 40_000, 1), socket('udp', 40_001, 3), socket('tcp', 80, 4)]
  const first = [socket('udp', 40_000, 1), socket('udp', 40_001, 2)]
  const settled = await settleSockets(first, { range, oneShot: false, memory, lookAgain })
  t.strictSame([inodes(settled.sockets), settled.ephemeralUdp], [[1, 4], 1])
  t.strictSame(memory.doubtful, new Set([1, 3]))
})

t.test('without a known range every UDP socket is doubtful; a one-shot scan doubts nothing', async t => {
  const memory = { doubtful: new Set<number>() }
  const sockets = [socket('udp', 53, 1), socket('raw', 1, 2)]
  const options = { range: undefined, memory, lookAgain: never }
  t.strictSame(inodes((await settleSockets(sockets, { ...options, oneShot: false })).sockets), [])
  t.strictSame(inodes((await settleSockets(sockets, { ...options, oneShot: true })).sockets), [1, 2])
})
