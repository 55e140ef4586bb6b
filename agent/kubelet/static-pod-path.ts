// Tells from which directory a kubelet starts static pods.
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import { overrideFlags } from '../parse/kubelet-flags.ts'
import { resolvedFlags } from './describe-kubelet.ts'
import { effectiveSettings } from './effective.ts'
import { type FoundKubelet, type Obstacle, obstacleOf } from './found-kubelet.ts'
import { readConfiguration } from './read-configuration.ts'

/** Empty for a kubelet without static pods; an obstacle when its configuration cannot be told. */
export async function staticPodPathOf(host: Host, found: FoundKubelet): Promise<string | Obstacle> {
  const flags = resolvedFlags(overrideFlags(found.builtIn?.flags ?? {}, found.flags), found.cwd)
  if (found.kind === 'k3s' || found.kind === 'rke2') {
    // Both give their kubelet this directory beside its kubeconfig.
    return `${posix.dirname(flags.kubeconfig ?? `/var/lib/rancher/${found.kind}/agent/kubeconfig`)}/pod-manifests`
  }
  if (found.obstacle) return found.obstacle
  if (flags['pod-manifest-path'] !== undefined) return flags['pod-manifest-path']
  const configuration = await readConfiguration(host, flags)
  if (configuration.obstacle) return configuration.obstacle
  const effective = effectiveSettings({ ...found, ...configuration, version: undefined })
  if (effective.state === 'effective') return effective.settings.staticPodPath.value
  const source = effective.state === 'malformed' ? effective.source : found.unit || found.kind
  return obstacleOf({ state: 'unavailable', path: source, detail: effective.detail })
}
