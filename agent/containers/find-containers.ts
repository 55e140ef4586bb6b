// Finds containers among processes: by their cgroups, and as children of the shims that engines leave beside them.
import { posix } from 'node:path'
import { flagValue } from '../container-runtime/flag-value.ts'
import type { Host } from '../host/host.ts'
import type { HostProcess, ProcessTable } from '../host/processes.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import { type SandboxKind, sandboxOfProgram } from '../parse/sandbox-kind.ts'

export interface FoundContainer {
  /** as the engine knows it */
  readonly id: string
  /** namespace of containerd, empty for other engines */
  readonly namespace: string
  /** its first process */
  readonly process: HostProcess
  /** the shim or monitor that started it */
  readonly shim: HostProcess | undefined
  /** undefined when the programs of its ancestors cannot be seen */
  readonly sandbox: SandboxKind | undefined
  /** whether it lies in a cgroup of Kubernetes */
  readonly inPod: boolean
}

/** containerd gives each container or pod a shim; Podman and CRI-O a conmon. */
const shimName = /^(?:containerd-shim|conmon)/
/** What starts a container and then becomes it. */
const starterName = /^(?:runc|crun|youki)(?::|$)/
const maxAncestors = 6

export async function findContainers(host: Host, table: ProcessTable): Promise<readonly FoundContainer[]> {
  const found = new Map<string, FoundContainer>()
  const shims = new Map<number, Shim>()
  for (const process of table.processes) {
    if (isShim(process) || starterName.test(process.name)) continue
    const parent = table.byPid.get(process.parentPid)
    const fromShim = parent !== undefined && isShim(parent)
    const { containerId, podUid } = identifyCgroups(process.cgroups)
    if (containerId === '' && !fromShim) continue
    if (!fromShim && parent && identifyCgroups(parent.cgroups).containerId === containerId) continue
    const shim = fromShim ? await shimOf(host, parent, shims) : undefined
    const id = containerId || plainId(process, shim)
    const known = found.get(id)
    if (id === '' || (known && !startedBefore(process, known.process))) continue
    found.set(id, {
      ...{ id, process, inPod: podUid !== '', shim: fromShim ? parent : undefined },
      namespace: shim?.namespace ?? '',
      sandbox: sandboxOf(process, table),
    })
  }
  return [...found.values()]
}

const isShim = (process: HostProcess) => shimName.test(process.name)

/** A process that was sent into a container later is none of its own. */
function startedBefore(a: HostProcess, b: HostProcess): boolean {
  return a.startTicks === b.startTicks ? a.pid < b.pid : a.startTicks < b.startTicks
}

interface Shim {
  readonly namespace: string
  readonly id: string
}

async function shimOf(host: Host, process: HostProcess, known: Map<number, Shim>): Promise<Shim> {
  const before = known.get(process.pid)
  if (before) return before
  const text = await host.readText(`/proc/${process.pid}/cmdline`)
  const args = text.state === 'present' ? text.value.split('\0') : []
  const shim = { namespace: flagValue(args, '-namespace') ?? '', id: flagValue(args, '-id') ?? '' }
  known.set(process.pid, shim)
  return shim
}

/** A plain containerd makes cgroups `/NAMESPACE/ID` with names that people choose. */
function plainId(process: HostProcess, shim: Shim | undefined): string {
  if (shim === undefined || shim.namespace === '') return shim?.id ?? ''
  const prefix = `/${shim.namespace}/`
  const path = process.cgroups.find(one => one.startsWith(prefix))
  return path === undefined ? shim.id : path.slice(prefix.length).replace(/\/.*$/s, '')
}

function sandboxOf(process: HostProcess, table: ProcessTable): SandboxKind | undefined {
  let isHidden = false
  let at: HostProcess | undefined = process
  for (let step = 0; at !== undefined && step < maxAncestors; step += 1) {
    const kind = sandboxOfProgram(at.executable || at.name)
    if (kind !== 'none') return kind
    // The name of a shim is cut to 15 bytes: it does not tell which one it is.
    if (at.executable === '' && shimName.test(at.name)) isHidden = true
    at = table.byPid.get(at.parentPid)
  }
  return isHidden ? undefined : 'none'
}

/** Last part of a program's path, or the process's name where the path is not given. */
export function programOf(process: HostProcess): string {
  return process.executable === '' ? process.name : posix.basename(process.executable)
}
