// Reads the SELinux type of every process, and finds services that have none of their own.
import type { SelinuxFacts, SelinuxObservations } from '../../proto/facets/selinux.ts'
import type { Failure, Host } from '../host/host.ts'
import type { ProcessTable } from '../host/processes.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import { typeOfLabel } from '../parse/selinux-label.ts'
import type { Gaps } from '../probe.ts'

export interface ProcessTypes {
  readonly unconfinedDaemons: NonNullable<SelinuxFacts['unconfinedDaemons']>
  readonly processes: SelinuxObservations['processes']
}

/** What the targeted policy gives to services that it does not know. */
const unconfinedTypes: ReadonlySet<string> = new Set(['unconfined_service_t', 'initrc_t'])
const maxRows = 500

/** Labels of attr/current; what cannot be read is one gap for all, since process ids change by themselves. */
export async function readTypes(host: Host, gaps: Gaps, table: ProcessTable): Promise<ProcessTypes> {
  const { processes } = table
  const labels = await host.readTexts(processes.map(({ pid }) => `/proc/${pid}/attr/current`))
  const counts = new Map<string, number>()
  const daemons = new Map<string, ProcessTypes['unconfinedDaemons'][number]>()
  let failure: Failure | undefined
  for (const [index, process] of processes.entries()) {
    const label = labels[index]
    if (label?.state !== 'present') {
      if (label && label.state !== 'absent') failure = label
      continue
    }
    const type = typeOfLabel(label.value)
    if (type === undefined) continue
    counts.set(type, (counts.get(type) ?? 0) + 1)
    if (!unconfinedTypes.has(type)) continue
    const { executable } = process
    const { unit } = identifyCgroups(process.cgroups)
    if (daemons.size < maxRows) daemons.set(`${executable}\n${unit}\n${type}`, { executable, unit, type })
  }
  const field = 'unconfinedDaemons'
  if (failure) gaps.note(field, 'incomplete', { ...failure, path: '/proc/PID/attr/current' })
  if (table.unreadable.count > 0) {
    gaps.note(field, 'incomplete', { state: 'unreadable', path: '/proc/PID', detail: 'some processes are hidden' })
  }
  return {
    unconfinedDaemons: [...daemons.values()],
    processes: [...counts].map(([type, count]) => ({ type, count })),
  }
}
