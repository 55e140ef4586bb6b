// Reads the sockets of the host's network namespace that wait for somebody.
import type { Listener } from '../../proto/facets/ports.ts'
import type { Host, Outcome } from '../host/host.ts'
import { readListeningRows } from '../host/proc-sockets.ts'
import { parseProcNetSctpEps } from '../parse/proc-net-sctp-eps.ts'
import { parseProcNetTcp, stateClose, stateListen } from '../parse/proc-net-tcp.ts'
import type { Gaps } from '../probe.ts'

/** One socket as the kernel lists it; several may share address and port (SO_REUSEPORT, SO_BINDTODEVICE). */
export interface ListeningSocket extends Pick<Listener, 'protocol' | 'family' | 'address' | 'port' | 'scope'> {
  /** 0 when no process can hold it */
  readonly inode: number
}

const maxBytes = 16 * 1024 * 1024

/**
 * Listening TCP and SCTP sockets and unconnected UDP and raw ones, from the tables of process 1: our own network
 * namespace may be another one. A table that is not there means that the kernel lacks the protocol.
 */
export async function readListeningSockets(host: Host, gaps: Gaps): Promise<readonly ListeningSocket[]> {
  const sockets: ListeningSocket[] = []
  for (const { protocol, table } of tables) {
    const path = `/proc/1/net/${table}`
    const isTcp = protocol === 'tcp'
    const text = isTcp ? await readListeningRows(host, path) : await host.readText(path, { maxBytes })
    const state = isTcp ? stateListen : stateClose
    const { rows, malformed } = parseProcNetTcp(textOrEmpty(text, gaps))
    noteMalformed(gaps, path, malformed)
    for (const { family, address, port, scope, inode, ...row } of rows) {
      if (row.state === state) sockets.push({ protocol, family, address, port, scope, inode })
    }
  }
  return [...sockets, ...(await readSctpEndpoints(host, gaps))]
}

const tables = [
  { protocol: 'tcp', table: 'tcp' },
  { protocol: 'tcp', table: 'tcp6' },
  { protocol: 'udp', table: 'udp' },
  { protocol: 'udp', table: 'udp6' },
  { protocol: 'raw', table: 'raw' },
  { protocol: 'raw', table: 'raw6' },
] as const

async function readSctpEndpoints(host: Host, gaps: Gaps): Promise<readonly ListeningSocket[]> {
  const path = '/proc/1/net/sctp/eps'
  const { endpoints, malformed } = parseProcNetSctpEps(textOrEmpty(await host.readText(path, { maxBytes }), gaps))
  noteMalformed(gaps, path, malformed)
  return endpoints
    .filter(({ state }) => state === stateListen)
    .flatMap(({ port, inode, addresses }) =>
      addresses.map(local => ({ protocol: 'sctp' as const, ...local, port, inode })),
    )
}

function textOrEmpty(text: Outcome<string>, gaps: Gaps): string {
  if (text.state === 'present') return text.value
  gaps.note('listeners', 'incomplete', text)
  return ''
}

function noteMalformed(gaps: Gaps, path: string, lines: readonly number[]): void {
  const [first] = lines
  if (first === undefined) return
  gaps.add({ field: 'listeners', effect: 'incomplete', source: path, state: 'malformed', detail: `line ${first}` })
}
