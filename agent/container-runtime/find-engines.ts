// Finds container engines: those that run, and those that are installed to be started.
import { posix } from 'node:path'
import type { Failure, Host } from '../host/host.ts'
import type { HostProcess } from '../host/processes.ts'
import { readUnit, readUnitCommand, type Unit } from '../kubelet/units.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import { processArguments } from '../parse/process-arguments.ts'
import type { ProbeContext } from '../probe.ts'

export type EngineKind = 'docker' | 'containerd' | 'crio'

export interface FoundEngine {
  readonly kind: EngineKind
  /** undefined for an engine that does not run */
  readonly process: HostProcess | undefined
  /** systemd unit, empty when it has none */
  readonly unit: string
  /** unit files, drop-ins included */
  readonly unitFiles: readonly string[]
  /** environment files that decide the command line */
  readonly environmentFiles: readonly string[]
  /** arguments after the program */
  readonly args: readonly string[]
  /** why the arguments cannot be told */
  readonly failure: Failure | undefined
  /** it runs in a container: its paths are not the host's */
  readonly contained: boolean
}

interface Traces {
  readonly program: string
  readonly unit: string
  /** a file of these is enough to call it installed */
  readonly config: readonly string[]
}

const traces: Readonly<Record<EngineKind, Traces>> = {
  docker: { program: 'dockerd', unit: 'docker.service', config: ['/etc/docker/daemon.json'] },
  containerd: { program: 'containerd', unit: 'containerd.service', config: ['/etc/containerd/config.toml'] },
  crio: { program: 'crio', unit: 'crio.service', config: ['/etc/crio/crio.conf', '/etc/crio/crio.conf.d'] },
}
const kinds = ['docker', 'containerd', 'crio'] as const
const rancherConfigs = ['k3s', 'rke2'].map(kind => `/var/lib/rancher/${kind}/agent/etc/containerd/config.toml`)
const directories = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin']
const maxCommandLine = 1024 * 1024

/** Running engines first. One that is installed makes a row only where none of its kind runs on the host itself. */
export async function findEngines(host: Host, context: ProbeContext): Promise<readonly FoundEngine[]> {
  const found: FoundEngine[] = []
  for (const process of (await context.processes()).processes) {
    const program = programOf(process)
    const kind = kinds.find(one => traces[one].program === program)
    if (kind) found.push(await describe(host, kind, process))
  }
  for (const kind of kinds) {
    const runs = found.some(engine => engine.kind === kind && !engine.contained)
    if (runs) continue
    if (await isInstalled(host, context, kind)) found.push(await configured(host, kind))
    else if (kind === 'containerd') found.push(...(await ofRancher(host, context)))
  }
  return found
}

/** k3s is one program for everything and tells by its process name what it is. */
function programOf({ name, executable }: HostProcess): string {
  const program = posix.basename(executable)
  return program === '' || program === 'k3s' ? name : program
}

async function describe(host: Host, kind: EngineKind, process: HostProcess): Promise<FoundEngine> {
  const { unit: cgroupUnit, containerId } = identifyCgroups(process.cgroups)
  const unit = cgroupUnit.endsWith('.service') && containerId === '' ? cgroupUnit : ''
  const files = unit === '' ? undefined : await readUnit(host, unit)
  const command = files && (await readUnitCommand(host, files))
  const text = await host.readText(`/proc/${process.pid}/cmdline`, { maxBytes: maxCommandLine })
  return {
    kind,
    process,
    unit,
    unitFiles: files?.paths ?? [],
    environmentFiles: command?.environmentFiles ?? [],
    args: text.state === 'present' ? processArguments(text.value).slice(1) : [],
    failure: text.state === 'present' ? undefined : unnumbered(text),
    contained: containerId !== '' && !(await sharesMounts(host, process.pid)),
  }
}

/** Process ids change by themselves and stand in no gap. */
function unnumbered(failure: Failure): Failure {
  return { ...failure, path: failure.path.replace(/\d+/, 'PID') }
}

async function configured(host: Host, kind: EngineKind): Promise<FoundEngine> {
  const unit: Unit | undefined = await readUnit(host, traces[kind].unit)
  const command = unit && (await readUnitCommand(host, unit))
  const obstacle = unit?.obstacle ?? command?.obstacle
  return {
    kind,
    process: undefined,
    unit: unit?.name ?? '',
    unitFiles: unit?.paths ?? [],
    environmentFiles: command?.environmentFiles ?? [],
    args: command?.argv.slice(1) ?? [],
    failure: obstacle && { state: 'unavailable', path: obstacle.source, detail: obstacle.detail },
    contained: false,
  }
}

/** k3s and RKE2 bring their own containerd and write its configuration. */
async function ofRancher(host: Host, context: ProbeContext): Promise<readonly FoundEngine[]> {
  const found: FoundEngine[] = []
  for (const config of rancherConfigs) {
    const stat = await host.stat(config)
    if (stat.state !== 'present') {
      context.gaps.note('containerd', 'incomplete', stat)
      continue
    }
    const nowhere = { process: undefined, unit: '', unitFiles: [], environmentFiles: [], failure: undefined }
    found.push({ ...nowhere, kind: 'containerd', args: ['--config', config], contained: false })
  }
  return found
}

async function isInstalled(host: Host, context: ProbeContext, kind: EngineKind): Promise<boolean> {
  const { program, config } = traces[kind]
  for (const path of [...directories.map(directory => `${directory}/${program}`), ...config]) {
    const stat = await host.stat(path)
    if (stat.state === 'present') return true
    context.gaps.note(kind, 'incomplete', stat)
  }
  return false
}

/** Links that cannot be read are taken to be the same: a mount namespace of its own is the exception. */
async function sharesMounts(host: Host, pid: number): Promise<boolean> {
  const own = await host.readLink(`/proc/${pid}/ns/mnt`)
  const first = await host.readLink('/proc/1/ns/mnt')
  return own.state !== 'present' || first.state !== 'present' || own.value === first.value
}
