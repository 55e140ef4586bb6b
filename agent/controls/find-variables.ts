// Finds what the variables of controls files stand for on a host: running programs, and files that are there.
import type { Reading } from '../../policy/controls/controls.ts'
import type { Candidates, Component, FileKind } from '../../policy/controls/settings.ts'
import type { Variables } from '../../policy/controls/substitute.ts'
import type { Host } from '../host/host.ts'
import type { AuditProcess } from './processes.ts'

export interface FoundVariables {
  readonly variables: Variables
  /** components that must run and do not; empty where that cannot be told */
  readonly missing: readonly string[]
}

const fileKinds: readonly FileKind[] = ['conf', 'svc', 'kubeconfig', 'cafile', 'datadir']

/**
 * Candidates count in their order. In the right reading the files that the running kubelet was given come first.
 * @param processes undefined where they cannot be known
 */
export async function findVariables(
  host: Host,
  components: readonly Component[],
  processes: readonly AuditProcess[] | undefined,
  reading: Reading,
): Promise<FoundVariables> {
  const bin = new Map<string, string>()
  const files: Record<FileKind, Map<string, string>> = {
    ...{ conf: new Map(), svc: new Map(), kubeconfig: new Map(), cafile: new Map(), datadir: new Map() },
  }
  const missing: string[] = []
  for (const component of components) {
    const { name, bins, optional } = component
    const running = processes && bins.find(candidate => isRunning(candidate, processes))
    if (bins.length > 0) bin.set(name, running ?? (processes ? name : (bins[0] ?? name)))
    if (processes && bins.length > 0 && running === undefined && !optional) missing.push(name)
    const given = reading === 'right' && name === 'kubelet' ? kubeletFiles(processes ?? []) : undefined
    for (const kind of fileKinds) {
      files[kind].set(name, await firstFile(host, component.files[kind], given?.get(kind), name))
    }
  }
  return { variables: { bin, ...files }, missing }
}

/** A candidate may be of several words; the program may stand behind a path. */
export function isRunning(candidate: string, processes: readonly AuditProcess[]): boolean {
  const [program = ''] = candidate.split(/\s+/)
  return processes.some(({ name, executable, command }) => {
    const isNamed = name === program.slice(0, 15) || executable.endsWith(`/${program}`)
    const [first = '', ...rest] = command.split(' ')
    return isNamed && [first.slice(first.lastIndexOf('/') + 1), ...rest].join(' ').startsWith(candidate)
  })
}

async function firstFile(
  host: Host,
  { paths, otherwise }: Candidates,
  given: string | undefined,
  component: string,
): Promise<string> {
  for (const path of given === undefined ? paths : [given, ...paths]) {
    if (path.startsWith('/') && (await host.stat(path)).state !== 'absent') return path
  }
  return otherwise ?? component
}

const kubeletFlags: readonly (readonly [FileKind, string])[] = [
  ['conf', '--config'],
  ['kubeconfig', '--kubeconfig'],
  ['cafile', '--client-ca-file'],
]

/** Absolute paths only, without what a path in a script would need quotes for. */
function kubeletFiles(processes: readonly AuditProcess[]): ReadonlyMap<FileKind, string> {
  const kubelets = processes.filter(({ name }) => name === 'kubelet')
  const [kubelet] = kubelets
  const found = new Map<FileKind, string>()
  if (!kubelet || kubelets.length > 1) return found
  for (const [kind, flag] of kubeletFlags) {
    const at = kubelet.args.findLastIndex(arg => arg === flag || arg.startsWith(`${flag}=`))
    const arg = kubelet.args[at] ?? ''
    const value = arg === flag ? (kubelet.args[at + 1] ?? '') : arg.slice(flag.length + 1)
    if (/^\/[\w./@+-]+$/.test(value)) found.set(kind, value)
  }
  return found
}
