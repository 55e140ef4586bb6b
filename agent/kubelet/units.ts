// Reads a systemd unit with its drop-ins from a host, and the command line that it starts.
import type { Failure, FileStat, Host } from '../host/host.ts'
import {
  type Environment,
  parseEnvironmentDirective,
  parseEnvironmentFile,
  splitExecStart,
} from '../parse/systemd-exec.ts'
import { lastDirective, listDirective, parseSystemdUnit, type UnitFile } from '../parse/systemd-unit.ts'
import { type Obstacle, obstacleOf } from './found-kubelet.ts'

/** In order of precedence, systemd.unit(5). */
const searchPath = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
]

export interface Unit {
  readonly name: string
  /** the unit first, drop-ins in the order in which they apply */
  readonly files: readonly UnitFile[]
  readonly paths: readonly string[]
  readonly obstacle?: Obstacle
}

export interface UnitCommand {
  /** program first; empty when the unit starts nothing */
  readonly argv: readonly string[]
  readonly cwd: string
  /** variables of the unit and of its environment files */
  readonly environment: Environment
  /** environment files that are there */
  readonly environmentFiles: readonly string[]
  readonly obstacle?: Obstacle | undefined
}

/** Undefined when no such unit is installed, or when it is masked. */
export async function readUnit(host: Host, name: string): Promise<Unit | undefined> {
  const path = await firstPath(host, name)
  if (path === undefined || (await isMasked(host, path))) return undefined
  const dropIns = await findDropIns(host, name)
  const paths = [path, ...dropIns.paths]
  const texts = await host.readTexts(paths)
  const failure = dropIns.failure ?? texts.find(text => text.state !== 'present')
  if (failure) return { name, files: [], paths, obstacle: obstacleOf(failure) }
  return { name, files: texts.flatMap(text => (text.state === 'present' ? parseSystemdUnit(text.value) : [])), paths }
}

/** The command line of a service: the last ExecStart= that is in force, with variables put in. */
export async function readUnitCommand(host: Host, unit: Unit): Promise<UnitCommand> {
  const command = listDirective(unit.files, 'Service', 'ExecStart').at(-1) ?? ''
  const cwd = lastDirective(unit.files, 'Service', 'WorkingDirectory').replace(/^-/, '')
  const environment = new Map<string, string>()
  for (const value of listDirective(unit.files, 'Service', 'Environment'))
    merge(environment, parseEnvironmentDirective(value))
  const environmentFiles: string[] = []
  let obstacle = unit.obstacle
  for (const value of listDirective(unit.files, 'Service', 'EnvironmentFile')) {
    const path = value.replace(/^-/, '')
    const text = await host.readText(path)
    if (text.state === 'present') {
      environmentFiles.push(path)
      merge(environment, parseEnvironmentFile(text.value))
    } else if (text.state !== 'absent') {
      environmentFiles.push(path)
      obstacle ??= obstacleOf(text)
    }
  }
  return {
    argv: splitExecStart(command, environment),
    cwd: cwd.startsWith('/') ? cwd : '/',
    environment,
    environmentFiles,
    obstacle,
  }
}

function merge(into: Map<string, string>, more: Environment): void {
  for (const [name, value] of more) into.set(name, value)
}

async function firstPath(host: Host, name: string): Promise<string | undefined> {
  for (const directory of searchPath) {
    const stat = await host.stat(`${directory}/${name}`, { follow: false })
    if (stat.state !== 'absent') return `${directory}/${name}`
  }
  return undefined
}

/** Masked: a link to /dev/null, or an empty file. */
async function isMasked(host: Host, path: string): Promise<boolean> {
  const link = await host.readLink(path)
  if (link.state === 'present' && link.value === '/dev/null') return true
  const stat = await host.stat(path)
  return stat.state === 'absent' || (stat.state === 'present' && isEmptyFile(stat.value))
}

function isEmptyFile({ kind, sizeBytes }: FileStat): boolean {
  return kind === 'file' && sizeBytes === 0
}

interface DropInPaths {
  readonly paths: readonly string[]
  /** the first directory that cannot be listed */
  readonly failure: Failure | undefined
}

/** `NAME.d/*.conf` of all directories: of equal names the one of the foremost directory, in order of names. */
async function findDropIns(host: Host, name: string): Promise<DropInPaths> {
  let failure: Failure | undefined
  const byName = new Map<string, string>()
  for (const directory of searchPath) {
    const entries = await host.list(`${directory}/${name}.d`)
    if (entries.state !== 'present') {
      if (entries.state !== 'absent') failure ??= entries
      continue
    }
    for (const entry of entries.value) {
      if (entry.name.endsWith('.conf') && !byName.has(entry.name)) {
        byName.set(entry.name, `${directory}/${name}.d/${entry.name}`)
      }
    }
  }
  const paths: string[] = []
  for (const path of [...byName.keys()].sort().map(key => byName.get(key) ?? '')) {
    if (!(await isMasked(host, path))) paths.push(path)
  }
  return { paths, failure }
}
