// The processes of a host as ps shows them, with their arguments.
import type { Host } from '../host/host.ts'
import { readProcesses } from '../host/processes.ts'
import { processArguments } from '../parse/process-arguments.ts'
import { UnansweredAudit } from './script.ts'

export interface AuditProcess {
  readonly pid: number
  readonly parentPid: number
  readonly uid: number
  /** comm, at most 15 characters */
  readonly name: string
  readonly executable: string
  /** arguments joined by blanks; of a kernel thread its name in brackets */
  readonly command: string
  readonly args: readonly string[]
}

/**
 * Without the agent itself: ps of a shell would not have shown it.
 * @throws UnansweredAudit on a host that does not run, or that hides processes
 */
export async function readAuditProcesses(host: Host): Promise<readonly AuditProcess[]> {
  const pids = await host.pids()
  if (pids.state === 'absent') throw new UnansweredAudit('processes of a host that does not run')
  const { processes, unreadable } = await readProcesses(host)
  if (unreadable.count > 0) throw new UnansweredAudit(`processes could not be read (${unreadable.detail})`)
  const self = await host.readLink('/proc/self')
  const own = self.state === 'present' ? Number(self.value) : -1
  const others = processes.filter(({ pid }) => pid !== own)
  const texts = await host.readTexts(others.map(({ pid }) => `/proc/${pid}/cmdline`))
  return others.flatMap(({ pid, parentPid, uid, name, executable }, index) => {
    const text = texts[index]
    if (text === undefined || text.state === 'absent') return []
    if (text.state !== 'present') throw new UnansweredAudit(`${text.path} could not be read (${text.detail})`)
    const args = processArguments(text.value)
    const command = args
      .join(' ')
      .replace(/[\n\r]/g, ' ')
      .trimEnd()
    return [{ pid, parentPid, uid, name, executable, args, command: command === '' ? `[${name}]` : command }]
  })
}
