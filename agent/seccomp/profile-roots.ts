// Finds the directories that kubelets of a host read seccomp profiles from.
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import { resolvedFlags } from '../kubelet/describe-kubelet.ts'
import { findConfigured } from '../kubelet/find-configured.ts'
import { findRunning } from '../kubelet/find-running.ts'
import { overrideFlags } from '../parse/kubelet-flags.ts'
import { Gaps, type ProbeContext } from '../probe.ts'

/** Where a kubelet looks unless --root-dir says otherwise; k3s and RKE2 leave it at that. */
export const defaultRoot = '/var/lib/kubelet/seccomp'
/** Of microk8s and k0s, whose kubelets may not run just now. */
const usualRoots = ['/var/snap/microk8s/common/var/lib/kubelet/seccomp', '/var/lib/k0s/kubelet/seccomp'] as const
const maxRoots = 16

/** The default always, those of kubelets that run or are configured to, and usual ones that exist. */
export async function findProfileRoots(host: Host, context: ProbeContext): Promise<readonly string[]> {
  const roots = new Set<string>([defaultRoot])
  const own = new Gaps()
  const running = await findRunning(host, { ...context, gaps: own })
  const kubelets = [...running, ...(await findConfigured(host, running, own))]
  for (const { builtIn, flags, cwd, obstacle, unreadOptions } of kubelets) {
    // What a distribution starts its kubelet with may be known, although its configuration is not.
    const unread = builtIn ? unreadOptions : (unreadOptions ?? obstacle)
    if (unread) own.add({ field: 'directories', effect: 'incomplete', ...unread })
    const all = resolvedFlags(overrideFlags(builtIn?.flags ?? {}, flags), cwd)
    const directory = all['root-dir']
    const given = all['seccomp-profile-root']
    if (directory?.startsWith('/')) roots.add(posix.join(directory, 'seccomp'))
    // Kubelets before 1.23 have a flag for it.
    if (given?.startsWith('/')) roots.add(posix.resolve(given))
  }
  // A kubelet that cannot be looked at may read from another place.
  for (const { source, state, detail } of own.rows) {
    context.gaps.add({ field: 'directories', effect: 'incomplete', source, state, detail })
  }
  for (const path of usualRoots) if ((await host.stat(path)).state !== 'absent') roots.add(path)
  return [...roots].slice(0, maxRoots)
}
