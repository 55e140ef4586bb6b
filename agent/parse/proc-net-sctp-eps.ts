// Parses /proc/PID/net/sctp/eps, the SCTP endpoints (sctp_eps_seq_show of net/sctp/proc.c).
import { type AddressScope, addressBytes, addressScope, addressText } from './ip-address.ts'

export interface SctpEndpoint {
  /** from 1; the header is line 1 */
  readonly line: number
  /** of include/net/tcp_states.h: 10 is listening */
  readonly state: number
  readonly port: number
  readonly uid: number
  readonly inode: number
  /** at least one */
  readonly addresses: readonly {
    readonly family: 'ipv4' | 'ipv6'
    readonly address: string
    readonly scope: AddressScope
  }[]
}

export interface SctpEndpoints {
  readonly endpoints: readonly SctpEndpoint[]
  /** numbers of the lines that are no endpoints */
  readonly malformed: readonly number[]
}

const header = /^\s*ENDPT\s+SOCK\s/
const number = /^\d{1,15}$/

/** Columns: endpoint and socket (hashed pointers), style, state, bucket, port, uid, inode, then local addresses. */
export function parseProcNetSctpEps(text: string): SctpEndpoints {
  const endpoints: SctpEndpoint[] = []
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim()
    if (content === '' || (index === 0 && header.test(content))) continue
    const endpoint = parseEndpoint(content, index + 1)
    if (endpoint) endpoints.push(endpoint)
    else malformed.push(index + 1)
  }
  return { endpoints, malformed }
}

function parseEndpoint(content: string, line: number): SctpEndpoint | undefined {
  const [, , style = '', state = '', bucket = '', port = '', uid = '', inode = '', ...locals] = content.split(/\s+/)
  if (![style, state, bucket, port, uid, inode].every(column => number.test(column))) return undefined
  if (Number(port) > 65_535 || locals.length === 0) return undefined
  const addresses = locals.map(localAddress)
  if (!addresses.every(address => address !== undefined)) return undefined
  return { line, state: Number(state), port: Number(port), uid: Number(uid), inode: Number(inode), addresses }
}

/** A star marks the primary address of an association. */
function localAddress(text: string): SctpEndpoint['addresses'][number] | undefined {
  const bytes = addressBytes(text.startsWith('*') ? text.slice(1) : text)
  if (!bytes) return undefined
  const family = bytes.length === 4 ? 'ipv4' : 'ipv6'
  return { family, address: addressText(bytes), scope: addressScope(bytes) }
}
