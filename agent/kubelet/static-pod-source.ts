// Tells from where a kubelet starts static pods: a directory or file of the host, an address.
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import { overrideFlags } from '../parse/kubelet-flags.ts'
import { resolvedFlags } from './describe-kubelet.ts'
import { effectiveSettings } from './effective.ts'
import { type FoundKubelet, type Obstacle, obstacleOf } from './found-kubelet.ts'
import { readConfiguration } from './read-configuration.ts'

export interface StaticPodSource {
  /** empty for a kubelet without such */
  readonly path: string
  /** scheme and address, empty for none */
  readonly url: string
}

/** An obstacle when the kubelet's configuration cannot be told. */
export async function staticPodSourceOf(host: Host, found: FoundKubelet): Promise<StaticPodSource | Obstacle> {
  const flags = resolvedFlags(overrideFlags(found.builtIn?.flags ?? {}, found.flags), found.cwd)
  if (found.kind === 'k3s' || found.kind === 'rke2') {
    if (found.unreadOptions) return found.unreadOptions
    // Both give their kubelet this directory beside its kubeconfig.
    const kubeconfig = flags.kubeconfig ?? `/var/lib/rancher/${found.kind}/agent/kubeconfig`
    return { path: `${posix.dirname(kubeconfig)}/pod-manifests`, url: flags['manifest-url'] ?? '' }
  }
  if (found.obstacle) return found.obstacle
  const configuration = await readConfiguration(host, flags)
  if (configuration.obstacle) return configuration.obstacle
  const effective = effectiveSettings({ ...found, ...configuration, version: undefined })
  if (effective.state === 'effective') {
    const { staticPodPath, staticPodURL } = effective.settings
    return { path: staticPodPath.value, url: staticPodURL.value }
  }
  const source = effective.state === 'malformed' ? effective.source : found.unit || found.kind
  return obstacleOf({ state: 'unavailable', path: source, detail: effective.detail })
}
