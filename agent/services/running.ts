// Tells which known services run: on the host itself by their cgroup or name, or in a container.
import type { Failure, Host, Outcome } from '../host/host.ts'
import type { HostProcess, ProcessTable } from '../host/processes.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import { type ListedUnit, parseSystemctlUnits } from '../parse/systemctl-units.ts'
import { knownServices } from './known-services.ts'

export interface RunningServices {
  readonly onHost: ReadonlySet<string>
  readonly inContainers: ReadonlySet<string>
}

/** Ordinary users may call a process what they like, so only system accounts are believed by name. */
const firstUserId = 1000

const byUnit = new Map<string, string>()
const byProcess = new Map<string, string>()
for (const [service, { units, processes }] of Object.entries(knownServices)) {
  for (const unit of units) byUnit.set(unit.includes('.') ? unit : `${unit}.service`, service)
  for (const process of processes) byProcess.set(process, service)
}

export function runningServices(table: ProcessTable): RunningServices {
  const onHost = new Set<string>()
  const inContainers = new Set<string>()
  for (const process of table.processes) {
    const { unit, containerId, podUid } = identifyCgroups(process.cgroups)
    const named = serviceOfProcess(process)
    if (containerId !== '' || podUid !== '') {
      if (named) inContainers.add(named)
      continue
    }
    const owner = serviceOfUnit(unit)
    if (owner) onHost.add(owner)
    if (named && process.uid < firstUserId) onHost.add(named)
  }
  return { onHost, inContainers }
}

function serviceOfProcess({ name, executable }: HostProcess): string | undefined {
  return byProcess.get(executable.slice(executable.lastIndexOf('/') + 1)) ?? byProcess.get(name)
}

/** The service that a unit, or an instance of its template, belongs to. */
export function serviceOfUnit(unit: string): string | undefined {
  return byUnit.get(unit) ?? byUnit.get(unit.replace(/@.*(?=\.[a-z]+$)/, ''))
}

/**
 * Units as the host's systemd has them now. Systemd is asked through its socket in the agent's own file system, so an
 * agent in a mount namespace that is not the host's, as in a pod, does not ask.
 */
export async function readActiveUnits(host: Host): Promise<Outcome<readonly ListedUnit[]>> {
  const args = ['list-units', '--all', '--no-pager', '--plain', '--no-legend'] as const
  const path = ['systemctl', ...args].join(' ')
  const elsewhere = await otherMounts(host, path)
  if (elsewhere) return elsewhere
  const result = await host.run({ command: 'systemctl', args })
  if (result.state === 'absent') return { state: 'unavailable', path, detail: result.detail }
  if (result.state !== 'present') return result
  const { exitCode, stdout } = result.value
  if (exitCode !== 0) return { state: 'unavailable', path, detail: `exit code ${exitCode}` }
  return { state: 'present', path, value: parseSystemctlUnits(stdout) }
}

async function otherMounts(host: Host, path: string): Promise<Failure | undefined> {
  if (!host.live) return { state: 'unavailable', path, detail: 'offline root' }
  if (host.root === '/') return undefined
  const ours = await host.readLink('/proc/self/ns/mnt')
  const theirs = await host.readLink('/proc/1/ns/mnt')
  const same = ours.state !== 'present' || (theirs.state === 'present' && ours.value === theirs.value)
  return same
    ? undefined
    : { state: 'unavailable', path, detail: 'the agent is not in the mount namespace of the host' }
}
