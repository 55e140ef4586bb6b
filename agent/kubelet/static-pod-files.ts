// Lists the manifests that kubelets start static pods from, and what hides others.
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import { Gaps, type ProbeContext } from '../probe.ts'
import { findConfigured } from './find-configured.ts'
import { findRunning } from './find-running.ts'
import { type Obstacle, obstacleOf } from './found-kubelet.ts'
import { staticPodSourceOf } from './static-pod-source.ts'

/** Looked at on every host: where kubeadm, RKE2 and k3s keep manifests. */
export const usualManifestDirectories = [
  '/etc/kubernetes/manifests',
  '/var/lib/rancher/rke2/agent/pod-manifests',
  '/var/lib/rancher/k3s/agent/pod-manifests',
] as const

const maxManifests = 200

export interface StaticPodFiles {
  readonly paths: readonly string[]
  /** directories that cannot be listed */
  readonly unlisted: readonly Obstacle[]
  /** kubelets whose directory cannot be told, and what may be a kubelet */
  readonly unknown: readonly Obstacle[]
  /** kubelets that also start static pods from an address, where nobody else can look */
  readonly remote: readonly Obstacle[]
}

/** Of the usual places and of each kubelet's `staticPodPath`, which may also be one file. */
export async function findStaticPodFiles(host: Host, context: ProbeContext): Promise<StaticPodFiles> {
  // What these find out about kubelets is told by another facet; here a kubelet that is not seen counts.
  const apart = new Gaps()
  const running = await findRunning(host, { ...context, gaps: apart })
  const kubelets = [...running, ...(await findConfigured(host, running, apart))]
  const places = new Set<string>(usualManifestDirectories)
  const unknown: Obstacle[] = apart.rows.map(({ source, state, detail }) => ({ source, state, detail }))
  const remote: Obstacle[] = []
  for (const kubelet of kubelets.filter(one => !one.contained)) {
    const source = await staticPodSourceOf(host, kubelet)
    if ('state' in source) {
      unknown.push(source)
      continue
    }
    if (source.path.startsWith('/')) places.add(posix.resolve(source.path))
    if (source.url === '') continue
    const detail = 'static pods come from an address, too'
    remote.push({ source: kubelet.unit || kubelet.kind, state: 'unavailable', detail })
  }
  return { ...(await listPlaces(host, places)), unknown, remote }
}

async function listPlaces(
  host: Host,
  places: ReadonlySet<string>,
): Promise<Pick<StaticPodFiles, 'paths' | 'unlisted'>> {
  const paths: string[] = []
  const unlisted: Obstacle[] = []
  const seen = new Set<string>()
  for (const place of places) {
    const real = await host.realPath(place)
    if (real.state === 'present' && seen.has(real.value)) continue
    if (real.state === 'present') seen.add(real.value)
    const stat = await host.stat(place)
    if (stat.state === 'present' && stat.value.kind !== 'directory') {
      paths.push(place)
      continue
    }
    const entries = await host.list(place, { maxEntries: maxManifests })
    if (entries.state !== 'present') {
      if (entries.state !== 'absent') unlisted.push(obstacleOf(entries))
      continue
    }
    // The kubelet reads every file whose name has no dot in front, whatever it ends in: also a backup copy.
    const files = entries.value.filter(({ name, kind }) => !name.startsWith('.') && kind !== 'directory')
    paths.push(...files.map(({ name }) => posix.join(place, name)))
  }
  return { paths, unlisted }
}
