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

/** Reads the process table. On an offline root it is empty. */
export async function readProcesses(host: Host): Promise<ProcessTable> {
  const pids = await host.pids()
  if (pids.state === 'absent') return tableOf([], [])
  if (pids.state !== 'present') return tableOf([], [pids])
  const processes: HostProcess[] = []
  const failures: Failure[] = pids.value.includes(1) ? [] : [hiddenProcesses]
  for (const pid of pids.value) {
    const answer = await readProcess(host, pid)
    if ('pid' in answer) processes.push(answer)
    // A process that has ended meanwhile is no hole in what we know.
    else if (answer.state !== 'absent') failures.push(answer)
  }
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

async function readProcess(host: Host, pid: number): Promise<HostProcess | Failure> {
  const directory = `/proc/${pid}`
  const [stat, status, cgroup] = await host.readTexts([
    `${directory}/stat`,
    `${directory}/status`,
    `${directory}/cgroup`,
  ])
  if (stat?.state !== 'present') return stat ?? missing(directory)
  if (status?.state !== 'present') return status ?? missing(directory)
  const fields = parseProcPidStat(stat.value)
  const uid = effectiveUid(status.value)
  if (!fields || uid === undefined) return { state: 'unreadable', path: directory, detail: 'not the text of procfs' }
  return {
    pid,
    name: fields.comm,
    executable: await readExecutable(host, directory, fields),
    uid,
    parentPid: fields.parentPid,
    startTicks: fields.startTicks,
    cgroups: cgroup?.state === 'present' ? parseCgroup(cgroup.value) : [],
  }
}

function missing(path: string): Failure {
  return { state: 'absent', path, detail: 'ENOENT' }
}

/** Second number of the `Uid:` line: real, effective, saved, file system. */
function effectiveUid(status: string): number | undefined {
  const found = /^Uid:\s+\d+\s+(\d{1,10})\s/m.exec(status)?.[1]
  return found === undefined ? undefined : Number(found)
}

async function readExecutable(host: Host, directory: string, stat: ProcPidStat): Promise<string> {
  if (stat.isKernelThread) return ''
  const link = await host.readLink(`${directory}/exe`)
  return link.state === 'present' ? link.value.replace(/ \(deleted\)$/, '') : ''
}
