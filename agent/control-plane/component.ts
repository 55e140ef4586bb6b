// What finding components yields: which program, where its arguments stand, and how its paths lead to the host's files.
import type { ControlPlaneFacts, SettingSource } from '../../proto/facets/control-plane.ts'
import type { HostProcess } from '../host/processes.ts'
import type { Obstacle } from '../kubelet/found-kubelet.ts'
import type { PodContainer } from '../parse/static-pod.ts'

export const componentNames = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
  'kube-proxy',
] as const
export type ComponentName = (typeof componentNames)[number]

/** The list of the facet that has the rows of a component. */
export const listOf = {
  'kube-apiserver': 'apiServers',
  'kube-controller-manager': 'controllerManagers',
  'kube-scheduler': 'schedulers',
  etcd: 'etcdMembers',
  'kube-proxy': 'kubeProxies',
} as const satisfies Record<ComponentName, keyof ControlPlaneFacts>

export type ComponentKind = ControlPlaneFacts['apiServers'][number]['kind']
/** Arguments from one place. */
export interface Words {
  readonly source: SettingSource
  /** the place for people: a file, empty for the process itself */
  readonly place: string
  /** the arguments after the program's name */
  readonly args: readonly string[]
}

export interface Manifest {
  /** on the host */
  readonly path: string
  readonly modifiedAtMs: number
  readonly container: PodContainer
  readonly args: readonly string[]
  readonly obstacle?: Obstacle | undefined
}

export interface RunningProcess {
  readonly process: HostProcess
  readonly args: readonly string[]
  /** the part of its environment that is of this component; undefined when it could not be read */
  readonly environment: ReadonlyMap<string, string>
  readonly unit: string
  readonly cwd: string | undefined
  /** it has a file system of its own */
  readonly contained: boolean
  readonly foreign: boolean
  readonly obstacle?: Obstacle | undefined
}

export interface FoundComponent {
  readonly name: ComponentName
  readonly kind: ComponentKind
  readonly running: RunningProcess | undefined
  readonly manifest: Manifest | undefined
  /** unit that starts it, empty when it has none */
  readonly unit: string
  /** in order: what a later one says counts */
  readonly words: readonly Words[]
  /** variables that etcd reads settings from */
  readonly environment: Words | undefined
  readonly cwd: string | undefined
  /** why the settings cannot be told, although the component was found */
  readonly obstacle: Obstacle | undefined
  /** a version that something else than the image or the program's path tells */
  readonly version?: string | undefined
}

/** Where a path that a component names leads on the host. */
export type Reached =
  | { readonly state: 'host'; readonly path: string }
  /** the pod has no volume of the host there: the file is the image's own, or is not there */
  | { readonly state: 'unmounted' }
  /** the component has a file system of its own that is not known */
  | { readonly state: 'unknown' }

export function reach(found: FoundComponent, path: string): Reached {
  if (found.manifest) return reachFromPod(found.manifest.container, path)
  return found.running?.contained ? { state: 'unknown' } : { state: 'host', path }
}

/** Of nested mounts the innermost counts. */
function reachFromPod({ mounts }: PodContainer, path: string): Reached {
  let best: { readonly length: number; readonly hostPath: string | undefined; readonly rest: string } | undefined
  for (const { mountPath, hostPath } of mounts) {
    const at = mountPath.replace(/\/+$/, '')
    const inside = path === at || path.startsWith(`${at}/`)
    if (inside && at.length >= (best?.length ?? 0)) best = { length: at.length, hostPath, rest: path.slice(at.length) }
  }
  if (best?.hostPath === undefined) return { state: 'unmounted' }
  return { state: 'host', path: `${best.hostPath.replace(/\/+$/, '')}${best.rest}` || '/' }
}
