// Joins sockets with their holders and names into the rows of the facet.
import type { Holder, Listener, PortsFacts } from '../../proto/facets/ports.ts'
import type { HostProcess } from '../host/processes.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import type { ListeningSocket } from './listening-sockets.ts'
import type { PortNames } from './port-names.ts'

/** Holders by inode; undefined where they could not be found out. */
export type HoldersOf = (inode: number) => readonly HostProcess[] | undefined

/** One row per protocol, family, address and port: sockets that share these share a row. */
export function listenersOf(
  sockets: readonly ListeningSocket[],
  holdersOf: HoldersOf,
  names: PortNames,
  bindV6Only: PortsFacts['bindV6Only'],
): Listener[] {
  const groups = Map.groupBy(sockets, ({ protocol, family, address, port }) =>
    [protocol, family, address, port].join(' '),
  )
  const ipv4Any = new Set(sockets.filter(({ family, scope }) => family === 'ipv4' && scope === 'any').map(portKey))
  const rows: Listener[] = []
  for (const [first, ...others] of groups.values()) {
    if (!first) continue
    const { protocol, family, address, port, scope } = first
    const servesBoth = family === 'ipv6' && scope === 'any' && protocol !== 'raw' && !bindV6Only
    const inodes = [first, ...others].map(({ inode }) => inode)
    const holders = mergedHolders(inodes, holdersOf, names.users)
    rows.push({
      protocol,
      family,
      address,
      port,
      scope,
      // A socket of IPv4 on the same port keeps the other from serving IPv4 too: it must be set to IPV6_V6ONLY.
      dualStack: servesBoth && !ipv4Any.has(portKey(first)),
      service: protocol === 'raw' ? '' : (names.services.get(portKey(first)) ?? ''),
      ...(holders && { holders }),
    })
  }
  return rows
}

const portKey = ({ protocol, port }: ListeningSocket) => `${port}/${protocol}`

/** Of several sockets; undefined when those of one are not known. */
export function mergedHolders(
  inodes: readonly number[],
  holdersOf: HoldersOf,
  users: PortNames['users'],
): Holder[] | undefined {
  const merged = new Map<string, Holder>()
  for (const inode of inodes) {
    const processes = holdersOf(inode)
    if (!processes) return undefined
    for (const process of processes) {
      const holder = holderOf(process, users)
      merged.set(JSON.stringify(holder), holder)
    }
  }
  return [...merged.values()]
}

function holderOf({ name, executable, uid, cgroups }: HostProcess, users: PortNames['users']): Holder {
  const { unit, containerId, podUid } = identifyCgroups(cgroups)
  return { process: name, executable, uid, user: users.get(uid) ?? '', unit, container: containerId, podUid }
}
