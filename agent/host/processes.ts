// The host's processes as several probes need them: read once per sweep from /proc.
import type { Host } from './host.ts'

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
export async function readProcesses(_host: Host): Promise<ProcessTable> {
  throw new Error('not yet')
}
