// Reads the static pods that kubelets start by themselves, as their manifests declare them.
import type { StaticContainer } from '../../proto/facets/containers.ts'
import type { Host } from '../host/host.ts'
import { findStaticPodFiles } from '../kubelet/static-pod-files.ts'
import { parsePodSecurity } from '../parse/pod-security.ts'
import type { Gaps, ProbeContext } from '../probe.ts'

export async function readStaticPods(host: Host, context: ProbeContext): Promise<readonly StaticContainer[]> {
  const { paths, unlisted, unknown, remote } = await findStaticPodFiles(host, context)
  for (const { source, state, detail } of [...unlisted, ...unknown, ...remote]) {
    // The number of a process changes by itself.
    const place = source.startsWith('/proc/') ? 'cmdline' : source
    context.gaps.add({ field: 'staticPods', effect: 'incomplete', source: place, state, detail })
  }
  const rows = new Map<string, StaticContainer>()
  for (const path of paths) {
    for (const row of await readManifest(host, path, context.gaps)) {
      rows.set([row.path, row.pod, row.container].join('\n'), row)
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
