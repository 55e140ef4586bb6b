// Finds the directories that kubelets of a host read seccomp profiles from.
import type { Host } from '../host/host.ts'
import { findRunning } from '../kubelet/find-running.ts'
import { Gaps, type ProbeContext } from '../probe.ts'

/** Where a kubelet looks unless --root-dir says otherwise; k3s and RKE2 leave it at that. */
export const defaultRoot = '/var/lib/kubelet/seccomp'
/** Of microk8s and k0s, whose kubelets may not run just now. */
const usualRoots = ['/var/snap/microk8s/common/var/lib/kubelet/seccomp', '/var/lib/k0s/kubelet/seccomp'] as const
const maxRoots = 16

/** The default always, those of running kubelets, and usual ones that exist. */
export async function findProfileRoots(host: Host, context: ProbeContext): Promise<readonly string[]> {
  const roots = new Set<string>([defaultRoot])
  const own = new Gaps()
  for (const { flags } of host.live ? await findRunning(host, { ...context, gaps: own }) : []) {
    const directory = flags['root-dir']
    if (directory?.startsWith('/') && roots.size < maxRoots) roots.add(`${withoutTrailingSlashes(directory)}/seccomp`)
  }
  // A kubelet that cannot be looked at may read from another place.
  for (const { source, state, detail } of own.rows) {
    context.gaps.add({ field: 'directories', effect: 'incomplete', source, state, detail })
  }
  for (const path of usualRoots) if ((await host.stat(path)).state !== 'absent') roots.add(path)
  return [...roots]
}

function withoutTrailingSlashes(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}
