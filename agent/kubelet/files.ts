// Lists the files that a kubelet depends on, with mode and owner.
import type { KubeletFacts } from '../../proto/facets/kubelet.ts'
import type { Host } from '../host/host.ts'
import type { Gaps } from '../probe.ts'
import { statRow } from '../stat-row.ts'

export type KubeletFile = KubeletFacts['files'][number]

export interface NamedFile {
  readonly path: string
  readonly role: KubeletFile['role']
  /** left out of the list when it is not there: nothing names it, it may be there */
  readonly optional?: boolean
}

/** Where distributions keep kube-proxy's kubeconfig. */
const kubeProxyKubeconfigs = [
  '/etc/kubernetes/kube-proxy.conf',
  '/etc/kubernetes/kube-proxy-kubeconfig.yaml',
  '/var/lib/kube-proxy/kubeconfig',
  '/var/lib/kube-proxy/kubeconfig.conf',
  '/var/lib/rancher/k3s/agent/kubeproxy.kubeconfig',
  '/var/lib/rancher/rke2/agent/kubeproxy.kubeconfig',
  '/var/snap/microk8s/current/credentials/proxy.config',
]

export const kubeProxyFiles: readonly NamedFile[] = kubeProxyKubeconfigs.map(path => ({
  path,
  role: 'kube-proxy-kubeconfig',
  optional: true,
}))

/** Each path once per role. A file that cannot be looked at is a row of its own state, and a gap. */
export async function statFiles(host: Host, named: readonly NamedFile[], gaps: Gaps): Promise<readonly KubeletFile[]> {
  const rows = new Map<string, KubeletFile>()
  for (const { path, role, optional } of named) {
    if (!path.startsWith('/')) continue
    const stat = await host.stat(path)
    if (stat.state === 'absent' && optional) continue
    if (stat.state !== 'present') gaps.note('files', 'incomplete', stat)
    rows.set(`${role} ${path}`, { path, role, ...statRow(stat) })
  }
  return [...rows.values()]
}
