// Counts the processes of a host by the seccomp mode they run in.
import type { SeccompObservations } from '../../proto/facets/seccomp.ts'
import type { Host } from '../host/host.ts'
import type { ProcessTable } from '../host/processes.ts'

const modes = ['disabled', 'strict', 'filtered'] as const

/** From the Seccomp line of /proc/PID/status (proc(5)); undefined where the kernel writes none. */
export async function countProcessModes(host: Host, table: ProcessTable): Promise<SeccompObservations['processes']> {
  const counts = { disabled: 0, strict: 0, filtered: 0 }
  const texts = await host.readTexts(table.processes.map(({ pid }) => `/proc/${pid}/status`))
  let known = false
  for (const text of texts) {
    if (text.state !== 'present') continue
    const mode = modes[Number(/^Seccomp:\t([012])$/m.exec(text.value)?.[1] ?? -1)]
    if (!mode) continue
    known = true
    counts[mode] += 1
  }
  return known ? counts : undefined
}
