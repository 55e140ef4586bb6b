// The host's processes as several probes need them: read once per sweep from /proc.
import { parseCgroup } from '../parse/cgroup.ts'
import { type ProcPidStat, parseProcPidStat } from '../parse/proc-pid-stat.ts'
import type { Failure, Host } from './host.ts'

export interface HostProcess {
  readonly pid: number
  /** comm, at most 15 bytes */
  readonly name: string
  /** target of the exe link without ` (deleted)`, empty where it could not be read */
  readonly executable: string
  readonly uid: number
  readonly parentPid: number
  /** clock ticks after boot */
  readonly startTicks: number
  /** paths of /proc/PID/cgroup, unified hierarchy first */
  readonly cgroups: readonly string[]
}

export interface ProcessTable {
  readonly processes: readonly HostProcess[]
  readonly byPid: ReadonlyMap<number, HostProcess>
  /** pids that vanished or could not be read, with the reason of the first */
  readonly unreadable: { readonly count: number; readonly detail: string }
}

/** What the sweeps before have read of one process. */
interface Known {
  readonly process: HostProcess
  /** how often its executable and cgroups were read */
  readonly reads: number
}

interface Memory {
  sweep: number
  known: ReadonlyMap<number, Known>
}

const memories = new WeakMap<Host, Memory>()
/** Executable and cgroups of a process that looks the same are read again every so many sweeps. */
const sweepsPerLook = 15
/** A process is moved and renamed when it is young, so it is looked at this often before anything is taken over. */
const firstLooks = 2

/**
 * Reads the process table. On an offline root it is empty.
 *
 * Reading the table again on the same Host is cheaper: of a process with the same start time, name and user, the
 * executable and the cgroups are taken over from the sweep before, except in every fifteenth sweep.
 */
export async function readProcesses(host: Host): Promise<ProcessTable> {
  const memory = memories.get(host) ?? { sweep: 0, known: new Map() }
  memories.set(host, memory)
  memory.sweep += 1
  const pids = await host.pids()
  if (pids.state === 'absent') return tableOf([], [])
  if (pids.state !== 'present') return tableOf([], [pids])
  const processes: HostProcess[] = []
  const failures: Failure[] = pids.value.includes(1) ? [] : [hiddenProcesses]
  const known = new Map<number, Known>()
  for (const pid of pids.value) {
    const isLookDue = (memory.sweep + pid) % sweepsPerLook === 0
    const answer = await readProcess(host, pid, isLookDue ? undefined : memory.known.get(pid))
    if ('process' in answer) {
      processes.push(answer.process)
      known.set(pid, answer)
    } else if (answer.state !== 'absent') {
      // One that has ended meanwhile is absent, which is no hole in what we know.
      failures.push(answer)
    }
  }
  memory.known = known
  return tableOf(processes, failures)
}

/** Process 1 always runs: a /proc that does not show it hides the processes of other users, proc(5) hidepid. */
const hiddenProcesses: Failure = { state: 'unreadable', path: '/proc', detail: 'hides processes of other users' }

function tableOf(processes: readonly HostProcess[], failures: readonly Failure[]): ProcessTable {
  const [first] = failures
  return {
    processes,
    byPid: new Map(processes.map(process => [process.pid, process])),
    unreadable: { count: failures.length, detail: first ? `${first.path}: ${first.detail}` : '' },
  }
}

async function readProcess(host: Host, pid: number, before: Known | undefined): Promise<Known | Failure> {
  const directory = `/proc/${pid}`
  const [stat, status] = await host.readTexts([`${directory}/stat`, `${directory}/status`])
  if (stat?.state !== 'present') return stat ?? missing(directory)
  if (status?.state !== 'present') return status ?? missing(directory)
  const fields = parseProcPidStat(stat.value)
  const uid = effectiveUid(status.value)
  if (!fields || uid === undefined) return { state: 'unreadable', path: directory, detail: 'not the text of procfs' }
  const seen = { pid, name: fields.comm, uid, parentPid: fields.parentPid, startTicks: fields.startTicks }
  if (before && before.reads >= firstLooks && isSame(before.process, seen)) {
    return { process: { ...before.process, ...seen }, reads: before.reads }
  }
  const link = fields.isKernelThread ? missing(directory) : await host.readLink(`${directory}/exe`)
  const cgroup = await host.readText(`${directory}/cgroup`)
  const isCut = link.state === 'absent' || cgroup.state === 'absent'
  if (isCut && !fields.isKernelThread && (await hasEnded(host, directory, fields))) return missing(directory)
  const executable = link.state === 'present' ? link.value.replace(/ \(deleted\)$/, '') : ''
  const cgroups = cgroup.state === 'present' ? parseCgroup(cgroup.value) : []
  return { process: { ...seen, executable, cgroups }, reads: (before?.reads ?? 0) + 1 }
}

/** Whether a process has ended while it was read, so that what was read is not the whole of it. */
async function hasEnded(host: Host, directory: string, stat: ProcPidStat): Promise<boolean> {
  const again = await host.readText(`${directory}/stat`)
  return again.state !== 'present' || parseProcPidStat(again.value)?.startTicks !== stat.startTicks
}

function isSame(a: HostProcess, b: Pick<HostProcess, 'startTicks' | 'name' | 'uid'>): boolean {
  return a.startTicks === b.startTicks && a.name === b.name && a.uid === b.uid
}

function missing(path: string): Failure {
  return { state: 'absent', path, detail: 'ENOENT' }
}

/** Second number of the `Uid:` line: real, effective, saved, file system. */
function effectiveUid(status: string): number | undefined {
  const found = /^Uid:\s+\d+\s+(\d{1,10})\s/m.exec(status)?.[1]
  return found === undefined ? undefined : Number(found)
}
