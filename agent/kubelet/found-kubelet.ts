// What finding kubelets yields: where each kubelet's arguments came from, before its configuration is read.
import type { GapState } from '../../proto/facet.ts'
import type { Kubelet } from '../../proto/facets/kubelet.ts'
import type { Failure } from '../host/host.ts'
import type { HostProcess } from '../host/processes.ts'
import type { KubeletFlags } from '../parse/kubelet-flags.ts'

export interface FoundKubelet {
  readonly kind: Kubelet['kind']
  /** undefined for a kubelet that is configured but does not run */
  readonly process: HostProcess | undefined
  /** systemd unit, empty when it has none */
  readonly unit: string
  readonly flags: KubeletFlags
  /** flags that the distribution gives by itself, and how to call them */
  readonly builtIn?: { readonly flags: KubeletFlags; readonly origin: string } | undefined
  /** working directory, undefined when unknown */
  readonly cwd: string | undefined
  /** why the effective settings cannot be told, although the kubelet was found */
  readonly obstacle?: Obstacle | undefined
  /** of a distribution that brings its kubelet: why its own options, which name directories, are not all known */
  readonly unreadOptions?: Obstacle | undefined
  /** of a distribution that names its node by an argument: what it makes the name of */
  readonly nodeName?: NodeName | undefined
  /** what is known of it only from a usual place, not from a command line */
  readonly assumed?: Obstacle | undefined
  /** unit files and environment files that decide its command line */
  readonly unitFiles: readonly string[]
  readonly environmentFiles: readonly string[]
  /** why there may be more of these files than are known */
  readonly unlistedFiles?: Obstacle | undefined
  /** it runs in a container: its paths are not the host's, unless bound there */
  readonly contained: boolean
  /** it has a network namespace of its own: its ports are not the host's */
  readonly ownNetwork: boolean
}

export interface NodeName {
  /** undefined for the name of the host */
  readonly given: string | undefined
  /** an id of the host's own is put behind the name */
  readonly withId: boolean
}

/** A source that could not be used. */
export interface Obstacle {
  readonly source: string
  readonly state: GapState
  /** errno, limit or line, never content */
  readonly detail: string
}

/** A named file that is not there counts as unavailable: the kubelet cannot have read it as it is now. */
export function obstacleOf(failure: Failure): Obstacle {
  const state = failure.state === 'absent' ? 'unavailable' : failure.state
  return { source: failure.path, state, detail: failure.detail }
}

/** A kubelet that is configured to start; callers add what they know. */
export const configured = {
  process: undefined,
  unitFiles: [],
  environmentFiles: [],
  contained: false,
  ownNetwork: false,
} as const
