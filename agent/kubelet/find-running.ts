// Finds the kubelets that run on a host among its processes, by program name and never by substring.
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import type { HostProcess, ProcessTable } from '../host/processes.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import { parseKubeletFlags } from '../parse/kubelet-flags.ts'
import { processArguments } from '../parse/process-arguments.ts'
import type { Gaps, ProbeContext } from '../probe.ts'
import type { FoundKubelet } from './found-kubelet.ts'
import { kubeletArgsFile, readArgsFile } from './microk8s.ts'
import { readRancherKubelet } from './rancher.ts'
import { readUnit, readUnitCommand } from './units.ts'

/** Names of programs that are or contain a kubelet; `k3s-server` and `k3s-agent` are names that k3s runs itself by. */
const programs: ReadonlySet<string> = new Set(['kubelet', 'hyperkube', 'kubelite', 'k3s', 'k3s-server', 'k3s-agent'])
/** Longest command line that is read. */
const maxCommandLine = 1024 * 1024

interface Program {
  readonly form: 'kubelet' | 'kubelite' | 'k3s'
  readonly args: readonly string[]
}

/** A process whose command line cannot be read is noted as a gap: it may be a kubelet. */
export async function findRunning(host: Host, context: ProbeContext): Promise<readonly FoundKubelet[]> {
  const table = await context.processes()
  noteHiddenProcesses(context, table, ['kubelets', 'endpoints', 'tls', 'runningSettings'])
  const found: FoundKubelet[] = []
  for (const process of table.processes) {
    if (!programs.has(posix.basename(process.executable)) && !programs.has(process.name)) continue
    const text = await host.readText(`/proc/${process.pid}/cmdline`, { maxBytes: maxCommandLine })
    if (text.state !== 'present') {
      context.gaps.note('kubelets', 'incomplete', text)
      continue
    }
    const program = programOf(process.executable, processArguments(text.value))
    const kubelet = program && (await describe(host, context, process, program))
    if (kubelet) found.push(kubelet)
  }
  return found
}

/** What an argument vector runs; undefined when it is no kubelet. */
export function programOf(executable: string, argv: readonly string[]): Program | undefined {
  const [first = '', second, ...rest] = argv
  // k3s shortens its title to one text, `/usr/local/bin/k3s server`, so that tokens do not show.
  const [title = '', command] = second === undefined ? first.trim().split(' ') : [first, second]
  const exe = posix.basename(executable)
  const name = posix.basename(title)
  if (exe === 'hyperkube' && command === 'kubelet') return { form: 'kubelet', args: rest }
  if (name === 'hyperkube') return command === 'kubelet' ? { form: 'kubelet', args: rest } : undefined
  if (exe === 'kubelite' || name === 'kubelite') return { form: 'kubelite', args: argv.slice(1) }
  if (exe === 'k3s' || ['k3s', 'k3s-server', 'k3s-agent'].includes(name)) return k3s(name, command, argv.slice(1), rest)
  if (exe === 'kubelet' || name === 'kubelet') return { form: 'kubelet', args: argv.slice(1) }
  return undefined
}

function k3s(
  name: string,
  command: string | undefined,
  all: readonly string[],
  rest: readonly string[],
): Program | undefined {
  if (name === 'k3s-server' || name === 'k3s-agent') return { form: 'k3s', args: all }
  // One binary is also kubectl, crictl and ctr, by its name or its first argument.
  return name === 'k3s' && (command === 'server' || command === 'agent') ? { form: 'k3s', args: rest } : undefined
}

function kindOf(executable: string): FoundKubelet['kind'] {
  if (executable.includes('/rancher/rke2/')) return 'rke2'
  if (executable.startsWith('/var/lib/k0s/')) return 'k0s'
  return posix.basename(executable) === 'hyperkube' ? 'hyperkube' : 'kubelet'
}

async function describe(
  host: Host,
  { gaps }: ProbeContext,
  process: HostProcess,
  program: Program,
): Promise<FoundKubelet | undefined> {
  const { unit: cgroupUnit, containerId } = identifyCgroups(process.cgroups)
  const unit = cgroupUnit.endsWith('.service') && containerId === '' ? cgroupUnit : ''
  const files = unit === '' ? undefined : await readUnit(host, unit)
  const command = files && (await readUnitCommand(host, files))
  const cwd = await host.readLink(`/proc/${process.pid}/cwd`)
  const common = {
    process,
    unit,
    cwd: cwd.state === 'present' ? cwd.value : undefined,
    unitFiles: files?.paths ?? [],
    environmentFiles: command?.environmentFiles ?? [],
    unlistedFiles: files?.obstacle,
    contained: containerId !== '' && (await hasOwnNamespace(host, gaps, process.pid, 'mnt', 'kubelets')),
    ownNetwork: await hasOwnNamespace(host, gaps, process.pid, 'net', 'endpoints'),
  }
  if (program.form === 'k3s') {
    const words = program.args.length > 0 ? program.args : (command?.argv.slice(2) ?? [])
    const { disabled, ...rancher } = await readRancherKubelet(host, 'k3s', words)
    if (disabled) return undefined
    const obstacle = program.args.length > 0 ? undefined : command?.obstacle
    return {
      ...{ ...common, kind: 'k3s', ...rancher },
      obstacle: obstacle ?? rancher.obstacle,
      unreadOptions: obstacle ?? rancher.unreadOptions,
    }
  }
  if (program.form === 'kubelite') {
    const path = parseArgsFile(program.args) ?? kubeletArgsFile
    const file = await readArgsFile(host, path)
    // A kubelite without arguments for a kubelet starts none.
    return file && { ...common, kind: 'microk8s', ...file, environmentFiles: [path] }
  }
  const { flags, invalid } = parseKubeletFlags(program.args)
  const [first] = invalid
  const source = `/proc/${process.pid}/cmdline`
  const obstacle = { source, state: 'malformed', detail: `--${first} has no value of its type` } as const
  return { ...common, kind: kindOf(process.executable), flags, obstacle: first === undefined ? undefined : obstacle }
}

function parseArgsFile(args: readonly string[]): string | undefined {
  const option = '--kubelet-args-file'
  const joined = args.findLast(arg => arg.startsWith(`${option}=`))?.slice(option.length + 1)
  return joined ?? (args.includes(option) ? args[args.indexOf(option) + 1] : undefined)
}

/** A link that cannot be read is taken for that of process 1, as nearly all are, and is a gap of the list. */
export async function hasOwnNamespace(
  host: Host,
  gaps: Gaps,
  pid: number,
  kind: 'mnt' | 'net',
  list: string,
): Promise<boolean> {
  const own = await host.readLink(`/proc/${pid}/ns/${kind}`)
  const first = await host.readLink(`/proc/1/ns/${kind}`)
  const failure = [own, first].find(link => link.state !== 'present' && link.state !== 'absent')
  if (failure) {
    gaps.add({
      field: list,
      effect: 'incomplete',
      source: `/proc/PID/ns/${kind}`,
      state: failure.state,
      detail: failure.detail,
    })
  }
  return own.state === 'present' && first.state === 'present' && own.value !== first.value
}

/** A process that is not seen may be one of those that the lists are of. */
export function noteHiddenProcesses(context: ProbeContext, table: ProcessTable, lists: readonly string[]): void {
  if (table.unreadable.count === 0) return
  const detail = 'processes could not be read'
  for (const field of lists) {
    context.gaps.add({ field, effect: 'incomplete', source: '/proc/PID', state: 'unreadable', detail })
  }
}
