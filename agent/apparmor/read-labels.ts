// Reads the AppArmor label of every process.
import type { Host, Outcome } from '../host/host.ts'
import type { HostProcess, ProcessTable } from '../host/processes.ts'
import { type ProcessLabel, parseLabel } from '../parse/apparmor-profiles-list.ts'
import type { Gaps } from '../probe.ts'

export interface LabelledProcess {
  readonly process: HostProcess
  readonly label: ProcessLabel
}

/**
 * Labels of attr/apparmor/current (kernel 5.8), or of attr/current where that is missing. What cannot be read is one gap
 * for all: process ids change by themselves.
 */
export async function readLabels(host: Host, gaps: Gaps, table: ProcessTable): Promise<readonly LabelledProcess[]> {
  const { processes } = table
  const labels = await readAttribute(host, processes, 'apparmor/current')
  const older = processes.filter((_, index) => labels[index]?.state === 'absent')
  const olderLabels = new Map(
    (await readAttribute(host, older, 'current')).map((outcome, index) => [older[index]?.pid, outcome]),
  )
  const found: LabelledProcess[] = []
  let denied: Outcome<string> | undefined
  for (const [index, process] of processes.entries()) {
    const outcome = olderLabels.get(process.pid) ?? labels[index]
    if (outcome?.state === 'present') {
      const label = parseLabel(outcome.value)
      if (label) found.push({ process, label })
    } else if (outcome && outcome.state !== 'absent') denied = outcome
  }
  if (denied && denied.state !== 'present') {
    gaps.note('unconfinedWithProfile', 'incomplete', { ...denied, path: '/proc/PID/attr/apparmor/current' })
  }
  return found
}

async function readAttribute(
  host: Host,
  processes: readonly HostProcess[],
  attribute: string,
): Promise<readonly Outcome<string>[]> {
  return await host.readTexts(processes.map(({ pid }) => `/proc/${pid}/attr/${attribute}`))
}
