// Parses the socket tables of /proc/PID/net: tcp, tcp6, udp, udp6, raw and raw6 share one layout (proc_pid_net(5)).
import { type AddressScope, addressScope, addressText } from './ip-address.ts'

export type ByteOrder = 'little' | 'big'

export interface SocketRow {
  /** from 1; the header is line 1 */
  readonly line: number
  readonly family: 'ipv4' | 'ipv6'
  readonly address: string
  readonly scope: AddressScope
  /** the protocol number for raw sockets */
  readonly port: number
  readonly remoteAddress: string
  readonly remotePort: number
  /** of include/net/tcp_states.h: 10 is LISTEN, 7 is CLOSE: what an unconnected UDP or raw socket is in */
  readonly state: number
  readonly uid: number
  /** 0 when no process can hold it any more */
  readonly inode: number
}

export interface SocketTable {
  readonly rows: readonly SocketRow[]
  /** numbers of the lines that are no rows */
  readonly malformed: readonly number[]
}

export const stateClose = 7
export const stateListen = 10

const header = /^\s*sl\s+local_address\s/
const endpoint = '([0-9A-Fa-f]{8}|[0-9A-Fa-f]{32}):([0-9A-Fa-f]{4})'
const row = new RegExp(
  `^ *\\d+: ${endpoint} ${endpoint} ([0-9A-Fa-f]{2}) [0-9A-Fa-f]+:[0-9A-Fa-f]+ [0-9A-Fa-f]+:[0-9A-Fa-f]+ [0-9A-Fa-f]+` +
    ' +(\\d{1,10}) +-?\\d+ +(\\d{1,15})(?: |$)',
)
/** longer lines than the kernel writes are not looked at */
const longestLine = 512
const machineOrder: ByteOrder = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'little' : 'big'

/**
 * Rows in the kernel's order. An address stands there as 32-bit words in the machine's own byte order, so the bytes of
 * each word are turned around on a little-endian machine.
 * @param order byte order of the machine that wrote the text; our own by default
 */
export function parseProcNetTcp(text: string, order: ByteOrder = machineOrder): SocketTable {
  const rows: SocketRow[] = []
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trimEnd()
    if (content === '' || (index === 0 && header.test(content))) continue
    const parsed = content.length > longestLine ? undefined : parseRow(content, index + 1, order)
    if (parsed) rows.push(parsed)
    else malformed.push(index + 1)
  }
  return { rows, malformed }
}

function parseRow(content: string, line: number, order: ByteOrder): SocketRow | undefined {
  const match = row.exec(content)
  if (!match) return undefined
  const [, local = '', port = '', remote = '', remotePort = '', state = '', uid = '', inode = ''] = match
  if (local.length !== remote.length) return undefined
  const bytes = decodeAddress(local, order)
  return {
    line,
    family: bytes.length === 4 ? 'ipv4' : 'ipv6',
    address: addressText(bytes),
    scope: addressScope(bytes),
    port: Number.parseInt(port, 16),
    remoteAddress: addressText(decodeAddress(remote, order)),
    remotePort: Number.parseInt(remotePort, 16),
    state: Number.parseInt(state, 16),
    uid: Number(uid),
    inode: Number(inode),
  }
}

function decodeAddress(hex: string, order: ByteOrder): readonly number[] {
  const bytes: number[] = []
  for (let word = 0; word < hex.length; word += 8) {
    for (let at = 0; at < 8; at += 2) {
      const place = order === 'little' ? word + 6 - at : word + at
      bytes.push(Number.parseInt(hex.slice(place, place + 2), 16))
    }
  }
  return bytes
}
