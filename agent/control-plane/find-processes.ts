// Finds the components that run on a host among its processes, by program name and never by substring.
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import type { HostProcess } from '../host/processes.ts'
import { hasOwnNamespace, noteHiddenProcesses } from '../kubelet/find-running.ts'
import { type Obstacle, obstacleOf } from '../kubelet/found-kubelet.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import { processArguments } from '../parse/process-arguments.ts'
import type { ProbeContext } from '../probe.ts'
import { type ComponentName, componentNames, listOf, type RunningProcess } from './component.ts'

export type FoundProcess = RunningProcess & { readonly component: ComponentName }

/** A process name has at most 15 bytes. */
const programs: ReadonlySet<string> = new Set([
  ...componentNames.flatMap(name => [name, name.slice(0, 15)]),
  'hyperkube',
])
const maxBytes = 1024 * 1024

/** A process whose command line cannot be read is noted as a gap of the list that it may belong to. */
export async function findProcesses(host: Host, context: ProbeContext): Promise<readonly FoundProcess[]> {
  const table = await context.processes()
  noteHiddenProcesses(context, table, Object.values(listOf))
  const found: FoundProcess[] = []
  for (const process of table.processes) {
    const program = posix.basename(process.executable)
    if (!programs.has(program) && !programs.has(process.name)) continue
    const text = await host.readText(`/proc/${process.pid}/cmdline`, { maxBytes })
    if (text.state !== 'present') {
      for (const field of listsOf(program, process.name)) context.gaps.note(field, 'incomplete', text)
      continue
    }
    const command = commandOf(process.executable, processArguments(text.value))
    if (command) found.push(await describe(host, context, process, command))
  }
  return found
}

interface Command {
  readonly component: ComponentName
  readonly args: readonly string[]
}

/** What an argument vector runs; undefined when it is no component. */
export function commandOf(executable: string, argv: readonly string[]): Command | undefined {
  const [first = '', second = '', ...rest] = argv
  const program = posix.basename(executable)
  const name = posix.basename(first)
  if (program === 'hyperkube' || name === 'hyperkube') {
    const component = componentNames.find(one => one === second || one === `kube-${second}`)
    return component && { component, args: rest }
  }
  const component = componentNames.find(one => one === program) ?? componentNames.find(one => one === name)
  if (component === undefined) return undefined
  // etcd is also two proxies, which keep no data.
  if (component === 'etcd' && (second === 'gateway' || second === 'grpc-proxy')) return undefined
  return { component, args: argv.slice(1) }
}

function listsOf(program: string, name: string): readonly string[] {
  const component = componentNames.find(one => one === program || one === name || one.slice(0, 15) === name)
  return component ? [listOf[component]] : Object.values(listOf)
}

async function describe(
  host: Host,
  { gaps }: ProbeContext,
  process: HostProcess,
  command: Command,
): Promise<FoundProcess> {
  const list = listOf[command.component]
  const { unit, containerId } = identifyCgroups(process.cgroups)
  const cwd = await host.readLink(`/proc/${process.pid}/cwd`)
  const environment = command.component === 'etcd' ? await readEnvironment(host, process.pid) : new Map()
  const common = {
    ...command,
    process,
    unit: unit.endsWith('.service') && containerId === '' ? unit : '',
    cwd: cwd.state === 'present' ? cwd.value : undefined,
    contained: containerId !== '' && (await hasOwnNamespace(host, gaps, process.pid, 'mnt', list)),
    foreign: process.cgroups.some(isNested),
  }
  if (environment instanceof Map) return { ...common, environment }
  return { ...common, environment: new Map(), obstacle: environment }
}

/** A pod of a kubelet that itself runs in a container: what it does is another machine's business. */
function isNested(cgroup: string): boolean {
  return /[0-9a-f]{64}(?:\.scope)?\/(?:[^/]+\/)*kube[^/]*pods/.test(cgroup)
}

/** The variables that etcd reads; no other value is kept. */
async function readEnvironment(host: Host, pid: number): Promise<Map<string, string> | Obstacle> {
  const text = await host.readText(`/proc/${pid}/environ`, { maxBytes })
  if (text.state === 'absent') return new Map()
  if (text.state !== 'present') return { ...obstacleOf(text), source: 'environ' }
  return new Map(
    text.value.split('\0').flatMap(variable => {
      const [, name = '', value = ''] = /^(ETCD_[A-Z_]{1,100})=(.*)$/s.exec(variable) ?? []
      return name === '' ? [] : [[name, value] as const]
    }),
  )
}
