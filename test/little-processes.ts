// Builds /proc of a little host: a few processes with what probes read of them.
import type { FixtureFile } from './host-from.ts'

export interface LittleProcess {
  readonly pid: number
  readonly parentPid?: number
  /** path of the program; its last part is the name */
  readonly executable: string
  readonly args?: readonly string[]
  readonly cgroup?: string
  readonly uid?: number
  /** clock ticks after boot */
  readonly startTicks?: number
  /** further lines of status, such as `CapEff:\t0000000000000000` */
  readonly status?: string
  /** links below ns/, such as { pid: 'pid:[4026531836]' } */
  readonly namespaces?: Readonly<Record<string, string>>
  /** further files below /proc/PID */
  readonly files?: Readonly<Record<string, FixtureFile>>
}

export function littleProc(...processes: readonly LittleProcess[]): Record<string, FixtureFile> {
  return Object.assign({}, ...processes.map(filesOf))
}

function filesOf(process: LittleProcess): Record<string, FixtureFile> {
  const { pid, parentPid = 1, executable, uid = 0, startTicks = 100 } = process
  const directory = `/proc/${pid}`
  const name = executable.slice(executable.lastIndexOf('/') + 1).slice(0, 15)
  const stat = `${pid} (${name}) S ${parentPid} ${pid} ${pid} 0 -1 4194560 ${'0 '.repeat(12)}${startTicks} ${'0 '.repeat(30)}`
  const argv = [executable, ...(process.args ?? [])].map(arg => `${arg}\0`).join('')
  return {
    [`${directory}/stat`]: `${stat.trim()}\n`,
    [`${directory}/status`]: `Name:\t${name}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n${process.status ?? ''}`,
    [`${directory}/cgroup`]: `0::${process.cgroup ?? '/system.slice/x.service'}\n`,
    [`${directory}/exe`]: { symlink: executable },
    [`${directory}/cmdline`]: argv,
    ...prefixed(`${directory}/ns`, links(process.namespaces ?? {})),
    ...prefixed(directory, process.files ?? {}),
  }
}

const links = (namespaces: Readonly<Record<string, string>>): Record<string, FixtureFile> =>
  Object.fromEntries(Object.entries(namespaces).map(([kind, target]) => [kind, { symlink: target }]))

const prefixed = (directory: string, files: Readonly<Record<string, FixtureFile>>): Record<string, FixtureFile> =>
  Object.fromEntries(Object.entries(files).map(([path, file]) => [`${directory}/${path}`, file]))
