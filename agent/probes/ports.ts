// Probe `ports`: sockets that wait for somebody, joined with the processes that hold them.
import { PortsFacet, type PortsObservations } from '../../proto/facets/ports.ts'
import { systemClock } from '../../runtime/clock.ts'
import type { Failure, Host } from '../host/host.ts'
import type { HostProcess, ProcessTable } from '../host/processes.ts'
import { type HoldersOf, listenersOf, mergedHolders } from '../ports/listeners.ts'
import { type ListeningSocket, readListeningSockets } from '../ports/listening-sockets.ts'
import { type NameMemory, readPortNames } from '../ports/port-names.ts'
import { readPortSettings } from '../ports/port-settings.ts'
import { settleSockets } from '../ports/settled-sockets.ts'
import { createHolderMemory, findSocketHolders } from '../ports/socket-holders.ts'
import { type NotableSocket, readNames, readNotableSockets, unixSocketRows } from '../ports/unix-sockets.ts'
import { absent, defineProbe, every, type Gaps, type Probe, type ProbeContext, present, unreadable } from '../probe.ts'

const sweepMs = 2_000
/** more sockets than this are a flood; the facet then says that it lacks some */
const maxSockets = 10_000
/** inode of the first process namespace: PROC_PID_INIT_INO of linux/proc_ns.h */
const firstPidNamespace = 'pid:[4026531836]'

interface Memory {
  readonly holders: ReturnType<typeof createHolderMemory>
  readonly settling: { doubtful: ReadonlySet<number> | undefined }
  readonly names: NameMemory
}

export const ports = createPortsProbe(signal => systemClock.sleep(sweepMs, signal))

/** @param pause what a resident agent's first sweep waits for between its two looks at sockets that may be clients' */
export function createPortsProbe(pause: (signal: AbortSignal) => Promise<void>): Probe {
  return defineProbe({
    facet: PortsFacet,
    triggers: [every(sweepMs)],
    async run(host, context) {
      if (!host.live) return absent('offlineRoot', 'sockets exist on a running host only')
      const tcp = await host.stat('/proc/1/net/tcp')
      // Every kernel with a network has it: without it, process 1 is hidden from us (hidepid of proc(5)).
      if (tcp.state !== 'present') return unreadable('unavailable', '/proc/1/net/tcp cannot be seen')
      const { gaps, signal, oneShot } = context
      const memory = memoryOf(context.memory)
      const settings = await readPortSettings(host, gaps)
      const look = () => readListeningSockets(host, gaps)
      const { sockets: settled, ephemeralUdp } = await settleSockets(await look(), {
        range: settings.localPortRange,
        oneShot,
        memory: memory.settling,
        lookAgain: () => pause(signal).then(look),
      })
      const wanted = bounded(settled, gaps)
      const listed = await readNotableSockets(host, gaps)
      const table = await context.processes()
      const found = await findSocketHolders(host, table, inodesOf([...wanted, ...listed]), memory.holders)
      const sockets = await withoutClosed(wanted, found.unheld, look)
      const unix = await withoutClosed(listed, found.unheld, () => readNotableSockets(host, gaps))
      const failure = found.failure ?? (await unseenProcesses(host, table))
      const holdersOf = (inode: number) => knownHolders(found.holders.get(inode) ?? [], inode, failure)
      noteFailure(gaps, 'listeners.holders', sockets, holdersOf, failure)
      if (unix.length > 0) noteFailure(gaps, 'unixSockets.holders', unix, holdersOf, failure)
      const names = await readPortNames(host, gaps, memory.names)
      const listeners = listenersOf(sockets, holdersOf, names, settings.bindV6Only)
      const holdersOfAll = (inodes: readonly number[]) => mergedHolders(inodes, holdersOf, names.users)
      const accounts = await readNames(host, context.memory)
      const unixSockets = await unixSocketRows(host, unix, holdersOfAll, accounts, gaps)
      return present(
        { ...settings, listeners, unixSockets },
        { ephemeralUdp, sockets: observedSockets(sockets, holdersOf) },
      )
    },
  })
}

function memoryOf(memory: ProbeContext['memory']): Memory {
  const kept = memory.get('ports') as Memory | undefined
  const made = kept ?? { holders: createHolderMemory(), settling: { doubtful: undefined }, names: new Map() }
  memory.set('ports', made)
  return made
}

function bounded(sockets: readonly ListeningSocket[], gaps: Gaps): readonly ListeningSocket[] {
  if (sockets.length <= maxSockets) return sockets
  const detail = `over the limit of ${maxSockets} sockets`
  gaps.add({ field: 'listeners', effect: 'incomplete', source: '/proc/1/net', state: 'tooLarge', detail })
  return sockets.slice(0, maxSockets)
}

/** A process that is done gives up no inode 0: what has it is held by nobody. */
function inodesOf(sockets: readonly Pick<ListeningSocket, 'inode'>[]): ReadonlySet<number> {
  return new Set(sockets.map(({ inode }) => inode).filter(inode => inode !== 0))
}

/** A socket without holders may have been closed after it was listed: such ones are listed anew. */
async function withoutClosed<Socket extends Pick<ListeningSocket, 'inode'>>(
  sockets: readonly Socket[],
  unheld: ReadonlySet<number>,
  listAgain: () => Promise<readonly Socket[]>,
): Promise<readonly Socket[]> {
  if (!sockets.some(({ inode }) => unheld.has(inode))) return sockets
  const standing = inodesOf(await listAgain())
  return sockets.filter(({ inode }) => !unheld.has(inode) || standing.has(inode))
}

/** Why processes may exist that the table does not have: hidepid of proc(5), or a process namespace of our own. */
async function unseenProcesses(host: Host, table: ProcessTable): Promise<Failure | undefined> {
  if (table.unreadable.count > 0) {
    return { state: 'unreadable', path: '/proc/PID', detail: 'some processes are hidden, CAP_SYS_PTRACE would help' }
  }
  const namespace = await host.readLink('/proc/1/ns/pid')
  if (namespace.state !== 'present' || namespace.value === firstPidNamespace) return undefined
  const detail = 'processes outside the process namespace of the agent cannot be seen'
  return { state: 'unavailable', path: '/proc/PID', detail }
}

/** No holders of a socket that some process could hold are not known holders; kernel sockets have none. */
function knownHolders(
  holders: readonly HostProcess[],
  inode: number,
  failure: Failure | undefined,
): readonly HostProcess[] | undefined {
  return holders.length > 0 || !failure || inode === 0 ? holders : undefined
}

/** The gap names no process: ids change by themselves. */
function noteFailure(
  gaps: Gaps,
  field: string,
  sockets: readonly (ListeningSocket | NotableSocket)[],
  holdersOf: HoldersOf,
  failure: Failure | undefined,
): void {
  if (!failure) return
  const effect = sockets.every(({ inode }) => holdersOf(inode)) ? 'incomplete' : 'omitted'
  gaps.note(field, effect, { ...failure, path: failure.path.replace(/\d+/, 'PID') })
}

function observedSockets(sockets: readonly ListeningSocket[], holdersOf: HoldersOf): PortsObservations['sockets'] {
  const rows = new Map<string, PortsObservations['sockets'][number]>()
  for (const { inode, protocol, address, port } of sockets) {
    const pids = (holdersOf(inode) ?? []).map(({ pid }) => pid)
    rows.set([inode, protocol, address, port].join(' '), { inode, protocol, address, port, pids })
  }
  return [...rows.values()]
}
