// Finds the processes that hold sockets, reading as few descriptors as it can from one sweep to the next.
import type { Failure, Host } from '../host/host.ts'
import { type HeldSockets, holdsSocket, readHeldSockets } from '../host/proc-sockets.ts'
import { type HostProcess, type ProcessTable, readProcesses } from '../host/processes.ts'
import { parseProcPidStat } from '../parse/proc-pid-stat.ts'

/** What one sweep leaves to the next. */
export interface HolderMemory {
  sweep: number
  /** sockets that were asked for, and the sweep in which they first were */
  inodes: ReadonlyMap<number, number>
  processes: ReadonlyMap<number, KnownProcess>
}

interface KnownProcess {
  readonly startTicks: number
  readonly sockets: ReadonlyMap<number, Hold>
  /** why its descriptors could not be read */
  readonly failure: Failure | undefined
}

interface Hold {
  readonly descriptor: number
  /** the sweep that saw it first */
  readonly since: number
}

export interface SocketHolders {
  /** by inode; a socket that nobody holds has an empty list */
  readonly holders: ReadonlyMap<number, readonly HostProcess[]>
  /** sockets that are new or had holders, and that nobody holds: of the kernel, or closed meanwhile */
  readonly unheld: ReadonlySet<number>
  /** why the descriptors of some process could not be read */
  readonly failure: Failure | undefined
}

export const createHolderMemory = (): HolderMemory => ({ sweep: 0, inodes: new Map(), processes: new Map() })

/**
 * Every process is looked through in this many sweeps, so that a descriptor which was handed to a process over a Unix
 * socket is found after a minute at the latest. Every other way to come by a socket is found at once: making one (an
 * inode not seen before), being forked (a process not seen before).
 */
const sweepsPerRound = 30

/**
 * Holders of the wanted sockets. Known holds are only verified; all processes are looked through when a socket is new
 * or has lost its holders. A process that joins the holders of a known socket counts from its second sweep on, so that
 * the short-lived children of a server that leaks its sockets make no drift.
 */
export async function findSocketHolders(
  host: Host,
  table: ProcessTable,
  wanted: ReadonlySet<number>,
  memory: HolderMemory,
): Promise<SocketHolders> {
  let current = table
  let known = await lookWhereNeeded(host, current, wanted, memory)
  if (await isOutdated(host, current, known, wanted, memory)) {
    current = await readProcesses(host)
    known = await look(host, current, wanted, memory, () => true)
  }
  const doubtful = newSockets(wanted, memory).union(heldOf(memory.processes).intersection(wanted))
  const unheld = doubtful.difference(heldOf(known))
  memory.sweep += 1
  memory.inodes = new Map([...wanted].map(inode => [inode, memory.inodes.get(inode) ?? memory.sweep]))
  memory.processes = known
  return { holders: confirmedHolders(current, wanted, memory), unheld, failure: anyFailure(known) }
}

type Known = ReadonlyMap<number, KnownProcess>

async function lookWhereNeeded(
  host: Host,
  table: ProcessTable,
  wanted: ReadonlySet<number>,
  memory: HolderMemory,
): Promise<Known> {
  const everywhere = () => look(host, table, wanted, memory, () => true)
  if (newSockets(wanted, memory).size > 0) return await everywhere()
  const turn = (memory.sweep + 1) % sweepsPerRound
  const known = await look(host, table, wanted, memory, process => process.pid % sweepsPerRound === turn)
  const lost = heldOf(memory.processes).intersection(wanted).difference(heldOf(known))
  return lost.size > 0 ? await everywhere() : known
}

/**
 * Whether a new socket has no holder while there are processes that the table has not seen. Where some descriptors
 * cannot be read, a socket without holders is nothing new.
 */
async function isOutdated(
  host: Host,
  table: ProcessTable,
  known: Known,
  wanted: ReadonlySet<number>,
  memory: HolderMemory,
): Promise<boolean> {
  if (anyFailure(known) || newSockets(wanted, memory).isSubsetOf(heldOf(known))) return false
  const pids = await host.pids()
  if (pids.state !== 'present') return false
  for (const pid of pids.value) {
    const seen = table.byPid.get(pid)
    if (!seen || (await startTicksOf(host, pid)) !== seen.startTicks) return true
  }
  return false
}

/** Looks through new processes, due ones and those that closed a socket; verifies the holds of all others. */
async function look(
  host: Host,
  table: ProcessTable,
  wanted: ReadonlySet<number>,
  memory: HolderMemory,
  isDue: (process: HostProcess) => boolean,
): Promise<Known> {
  const known = new Map<number, KnownProcess>()
  const due: number[] = []
  for (const process of table.processes) {
    const before = knownBefore(memory, process)
    const kept = before && !isDue(process) ? verified(host, process.pid, before, wanted) : undefined
    if (kept) known.set(process.pid, kept)
    else due.push(process.pid)
  }
  for (const [pid, held] of await readHeldSockets(host, due, wanted)) {
    const process = table.byPid.get(pid)
    if (!process || held.state === 'ended') continue
    const found = learned(process, held, memory)
    // The number may have passed to another process since the table was read: then these sockets are not this one's.
    const isSame = found.sockets.size === 0 || (await startTicksOf(host, pid)) === process.startTicks
    if (isSame) known.set(pid, found)
  }
  return known
}

async function startTicksOf(host: Host, pid: number): Promise<number | undefined> {
  const stat = await host.readText(`/proc/${pid}/stat`)
  return stat.state === 'present' ? parseProcPidStat(stat.value)?.startTicks : undefined
}

function newSockets(wanted: ReadonlySet<number>, memory: HolderMemory): ReadonlySet<number> {
  return new Set([...wanted].filter(inode => !memory.inodes.has(inode)))
}

function knownBefore(memory: HolderMemory, process: HostProcess): KnownProcess | undefined {
  const before = memory.processes.get(process.pid)
  return before?.startTicks === process.startTicks ? before : undefined
}

/** The process as known when all its wanted holds still stand, else undefined. */
function verified(
  host: Host,
  pid: number,
  before: KnownProcess,
  wanted: ReadonlySet<number>,
): KnownProcess | undefined {
  const sockets = new Map([...before.sockets].filter(([inode]) => wanted.has(inode)))
  for (const [inode, { descriptor }] of sockets) {
    if (!holdsSocket(host, pid, descriptor, inode)) return undefined
  }
  return sockets.size === before.sockets.size ? before : { ...before, sockets }
}

function learned(process: HostProcess, held: HeldSockets, memory: HolderMemory): KnownProcess {
  const before = knownBefore(memory, process)
  const sockets = new Map<number, Hold>()
  for (const [inode, descriptor] of held.state === 'read' ? held.sockets : []) {
    sockets.set(inode, { descriptor, since: before?.sockets.get(inode)?.since ?? memory.sweep + 1 })
  }
  const failure = held.state === 'unreadable' ? held.failure : undefined
  return { startTicks: process.startTicks, sockets, failure }
}

function heldOf(processes: Known): ReadonlySet<number> {
  return new Set([...processes.values()].flatMap(process => [...process.sockets.keys()]))
}

function confirmedHolders(
  table: ProcessTable,
  wanted: ReadonlySet<number>,
  memory: HolderMemory,
): ReadonlyMap<number, readonly HostProcess[]> {
  const all = new Map<number, { readonly process: HostProcess; readonly confirmed: boolean }[]>()
  for (const inode of wanted) all.set(inode, [])
  for (const [pid, known] of memory.processes) {
    const process = table.byPid.get(pid)
    if (!process) continue
    for (const [inode, { since }] of known.sockets) {
      const confirmed = since < memory.sweep || since === memory.inodes.get(inode)
      all.get(inode)?.push({ process, confirmed })
    }
  }
  return new Map([...all].map(([inode, holders]) => [inode, confirmedOrAll(holders)]))
}

function confirmedOrAll(holders: readonly { readonly process: HostProcess; readonly confirmed: boolean }[]) {
  const confirmed = holders.filter(holder => holder.confirmed)
  return (confirmed.length > 0 ? confirmed : holders).map(({ process }) => process)
}

function anyFailure(known: Known): Failure | undefined {
  for (const { failure } of known.values()) if (failure) return failure
  return undefined
}
