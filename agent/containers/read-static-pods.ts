// Reads the static pods that a kubelet starts by itself, as their manifests declare them.
import type { StaticContainer } from '../../proto/facets/containers.ts'
import type { Host } from '../host/host.ts'
import { parsePodSecurity } from '../parse/pod-security.ts'
import type { Gaps } from '../probe.ts'

/** Where kubeadm, k3s and RKE2 keep manifests. */
export const manifestDirectories = [
  '/etc/kubernetes/manifests',
  '/var/lib/rancher/k3s/agent/pod-manifests',
  '/var/lib/rancher/rke2/agent/pod-manifests',
] as const

const maxManifests = 200

export async function readStaticPods(host: Host, gaps: Gaps): Promise<readonly StaticContainer[]> {
  const rows = new Map<string, StaticContainer>()
  for (const directory of manifestDirectories) {
    const entries = await host.list(directory, { maxEntries: maxManifests })
    if (entries.state !== 'present') gaps.note('staticPods', 'incomplete', entries)
    for (const { name, kind } of entries.state === 'present' ? entries.value : []) {
      // The kubelet passes over hidden files and reads everything else, whatever its name.
      if (name.startsWith('.') || kind === 'directory') continue
      for (const row of await readManifest(host, `${directory}/${name}`, gaps)) {
        rows.set([row.path, row.pod, row.container].join('\n'), row)
      }
    }
  }
  return [...rows.values()]
}

async function readManifest(host: Host, path: string, gaps: Gaps): Promise<readonly StaticContainer[]> {
  const text = await host.readText(path)
  if (text.state !== 'present') {
    gaps.note('staticPods', 'incomplete', text)
    return []
  }
  const manifest = parsePodSecurity(text.value)
  if (manifest.state === 'pod') return manifest.containers.map(container => ({ path, ...container }))
  if (manifest.state === 'malformed') {
    const detail = `line ${manifest.line}: ${manifest.detail}`
    gaps.add({ field: 'staticPods', effect: 'incomplete', source: path, state: 'malformed', detail })
  }
  return []
}
