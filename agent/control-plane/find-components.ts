// Puts together what is known of each component: its process, its static pod or unit, and where its arguments stand.
import type { Host } from '../host/host.ts'
import { readUnit, readUnitCommand } from '../kubelet/units.ts'
import type { ProbeContext } from '../probe.ts'
import { type ComponentName, componentNames, type FoundComponent, type Manifest, type Words } from './component.ts'
import { findManifests } from './find-manifests.ts'
import { commandOf, type FoundProcess, findProcesses } from './find-processes.ts'
import { findK3s } from './k3s.ts'
import { findMicrok8s } from './microk8s.ts'

/** Components that run, and those that a manifest, a unit or a distribution declares. */
export async function findComponents(host: Host, context: ProbeContext): Promise<readonly FoundComponent[]> {
  const manifests = await findManifests(host, context)
  const processes = await findProcesses(host, context)
  const found: FoundComponent[] = []
  for (const name of componentNames) {
    found.push(
      ...pair(
        name,
        processes.filter(one => one.component === name),
        manifests.filter(one => one.component === name),
      ),
    )
  }
  for (const name of componentNames) found.push(...(await fromUnit(host, name, found)))
  return [...found, ...(await findK3s(host, context)), ...(await findMicrok8s(host, context))]
}

/** Each process belongs to the manifest that it has the most words in common with. */
function pair(
  name: ComponentName,
  processes: readonly FoundProcess[],
  manifests: readonly Manifest[],
): readonly FoundComponent[] {
  const free = new Set(processes.filter(one => one.contained && !one.foreign))
  const found: FoundComponent[] = []
  for (const manifest of manifests) {
    const likely = [...free].sort((a, b) => common(b.args, manifest.args) - common(a.args, manifest.args))[0]
    if (likely) free.delete(likely)
    found.push(fromManifest(name, manifest, likely))
  }
  const alone = processes.filter(one => free.has(one) || !one.contained || one.foreign)
  return [...found, ...alone.map(process => fromProcess(name, process))]
}

function common(some: readonly string[], others: readonly string[]): number {
  const words = new Set(others)
  return some.filter(word => words.has(word)).length
}

function fromManifest(name: ComponentName, manifest: Manifest, running: FoundProcess | undefined): FoundComponent {
  const { path, args, container } = manifest
  return {
    name,
    kind: 'static-pod',
    running,
    manifest,
    unit: '',
    words: [running ? ofProcess(running) : { source: 'manifest', place: path, args }],
    environment: running ? environmentWords(running.environment, '') : environmentWords(container.environment, path),
    cwd: running ? running.cwd : '/',
    obstacle: running ? running.obstacle : manifest.obstacle,
  }
}

function fromProcess(name: ComponentName, running: FoundProcess): FoundComponent {
  return {
    name,
    kind: 'process',
    running,
    manifest: undefined,
    unit: running.unit,
    words: [ofProcess(running)],
    environment: environmentWords(running.environment, ''),
    cwd: running.cwd,
    obstacle: running.obstacle,
  }
}

/** A unit under the component's own name, when no process of it runs. */
async function fromUnit(
  host: Host,
  name: ComponentName,
  found: readonly FoundComponent[],
): Promise<readonly FoundComponent[]> {
  const unitName = `${name}.service`
  if (found.some(one => one.name === name && (one.running?.contained === false || one.unit === unitName))) return []
  const unit = await readUnit(host, unitName)
  if (!unit) return []
  const { argv, cwd, environment, obstacle } = await readUnitCommand(host, unit)
  const command = commandOf(argv[0] ?? '', argv)
  const wrapped = { source: unit.paths[0] ?? unitName, state: 'unavailable', detail: 'starts another program' } as const
  return [
    {
      name,
      kind: 'process',
      running: undefined,
      manifest: undefined,
      unit: unitName,
      words: [{ source: 'unit', place: unitName, args: command?.component === name ? command.args : [] }],
      environment: environmentWords(environment, unitName),
      cwd,
      obstacle: obstacle ?? (command?.component === name ? undefined : wrapped),
    },
  ]
}

function ofProcess(running: FoundProcess): Words {
  return { source: 'process', place: '', args: running.args }
}

/** The variables that etcd takes for flags, as the flags. */
function environmentWords(environment: ReadonlyMap<string, string>, place: string): Words {
  const args = [...environment].flatMap(([name, value]) => {
    const flag = /^ETCD_([A-Z_]{1,100})$/.exec(name)?.[1]
    return flag === undefined ? [] : [`--${flag.toLowerCase().replaceAll('_', '-')}=${value}`]
  })
  return { source: 'environment', place, args }
}
