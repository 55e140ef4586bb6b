// Reads what the main processes of systemd services may do.
import type { ContainersFacts } from '../../proto/facets/containers.ts'
import type { Host } from '../host/host.ts'
import type { HostProcess } from '../host/processes.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import type { ProbeContext } from '../probe.ts'
import { programOf } from './find-containers.ts'
import { type HostView, readConfinement } from './read-confinement.ts'
import { noteFields } from './read-workloads.ts'
import { type Remembered, settle } from './settle.ts'

type Daemon = NonNullable<ContainersFacts['daemons']>[number]

/** A service that ends before that is a job; what starts with the machine counts at once. */
const settledAfterTicks = 5 * 60 * 100
/** Managers of users that are logged in, and services that systemd-run makes names for. */
const passing = /^(?:user@\d+|user-runtime-dir@\d+|run-[rpu]?[0-9a-f-]+)\.service$/

/** @param nowTicks clock ticks since boot */
export async function readDaemons(
  host: Host,
  context: ProbeContext,
  view: HostView,
  nowTicks: number,
): Promise<readonly Daemon[]> {
  const { processes } = await context.processes()
  const sightings: { readonly name: string; readonly row: Daemon; readonly settled: boolean }[] = []
  for (const [unit, process] of mainProcesses(processes)) {
    const rights = await readConfinement(host, process.pid, view)
    if (rights === undefined) continue
    if ('state' in rights) {
      context.gaps.note('daemons', 'incomplete', { ...rights, path: '/proc/PID/status' })
      continue
    }
    noteFields(context, 'daemons', [
      ...rights.failures,
      ...view.failures.filter(one => one.field === 'allCapabilities'),
    ])
    const age = nowTicks - process.startTicks
    const settled = context.oneShot || age >= settledAfterTicks || process.startTicks < settledAfterTicks
    sightings.push({ name: unit, row: { unit, program: programOf(process), ...rights.confinement }, settled })
  }
  const known = (context.memory.get('daemons') as readonly Remembered<Daemon>[] | undefined) ?? []
  const kept = settle(sightings, context.oneShot ? [] : known, context.now.getTime())
  context.memory.set('daemons', kept)
  // While a service restarts, what is known of it may stand beside what it is now: the newest counts.
  return [...new Map(kept.toReversed().map(({ row }) => [row.unit, row])).values()]
}

/** The oldest process of each service that process 1 started itself. */
function mainProcesses(processes: readonly HostProcess[]): ReadonlyMap<string, HostProcess> {
  const found = new Map<string, HostProcess>()
  for (const process of processes) {
    const { unit, containerId } = identifyCgroups(process.cgroups)
    if (process.parentPid !== 1 || containerId !== '' || !unit.endsWith('.service') || passing.test(unit)) continue
    // Shims stay in the service of their engine when it is started anew.
    if (process.name.startsWith('containerd-shim') || process.name === 'conmon') continue
    const known = found.get(unit)
    if (!known || process.startTicks < known.startTicks) found.set(unit, process)
  }
  return found
}
