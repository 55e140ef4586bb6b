// Probe `control-plane`: API server, controller manager, scheduler, etcd and kube-proxy, their settings and their files.
import {
  ControlPlaneFacet,
  type ControlPlaneFacts,
  type ControlPlaneObservations,
} from '../../proto/facets/control-plane.ts'
import { readBootTime } from '../boot-time.ts'
import { describeApiServer } from '../control-plane/api-server.ts'
import { readCertificates } from '../control-plane/certificates.ts'
import type { FoundComponent, listOf } from '../control-plane/component.ts'
import { describeControllerManager, describeScheduler } from '../control-plane/controllers.ts'
import { type Description, startDescription } from '../control-plane/describe.ts'
import { describeEtcd } from '../control-plane/etcd.ts'
import { listFiles } from '../control-plane/files.ts'
import { findComponents } from '../control-plane/find-components.ts'
import { describeKubeProxy } from '../control-plane/kube-proxy.ts'
import type { Host } from '../host/host.ts'
import { absent, defineProbe, every, present, watch } from '../probe.ts'

type Lists = Pick<ControlPlaneFacts, (typeof listOf)[keyof typeof listOf]>

export const controlPlane = defineProbe({
  facet: ControlPlaneFacet,
  triggers: [
    watch(
      '/etc/kubernetes',
      '/etc/kubernetes/manifests',
      '/etc/kubernetes/pki',
      '/etc/kubernetes/pki/etcd',
      '/etc/cni/net.d',
      '/etc/rancher/k3s',
      '/var/lib/rancher/rke2/agent/pod-manifests',
      '/var/lib/rancher/k3s/server/tls',
      '/var/snap/microk8s/current/args',
      '/etc/default/etcd',
    ),
    // Processes come and go without a file changing.
    every(60_000),
  ],
  deadlineMs: 30_000,
  async run(host, context) {
    const components = await findComponents(host, context)
    if (components.length === 0 && context.gaps.rows.length === 0) {
      return absent('notThisKindOfHost', 'no component of a control plane runs or is declared')
    }
    const bootedAtMs = await readBootTime(host)
    const described = nameComponents(components).map(([id, found]) => {
      return { id, description: startDescription(host, found, context.gaps, bootedAtMs) }
    })
    const lists = await describeAll(described)
    // A worker has a kube-proxy, but none of these files is its business.
    const controls = components.some(found => found.name !== 'kube-proxy' && found.running?.foreign !== true)
    const named = described.flatMap(({ description }) => description.files)
    const files = controls ? await listFiles(host, named, context.gaps) : []
    const certificates = await readCertificates(host, files, context.gaps)
    const logs = files.filter(file => file.role === 'audit-log' && file.state === 'present')
    return present(
      { ...lists, files: [...files], certificates: [...certificates] },
      {
        processes: described.flatMap(({ id, description }) => processOf(id, description)),
        auditLogs: await statLogs(
          host,
          logs.map(file => file.path),
        ),
      },
    )
  },
})

interface Described {
  readonly id: string
  readonly description: Description
}

/** The name of the program; further ones get a number, those of other machines' containers last. */
function nameComponents(components: readonly FoundComponent[]): readonly (readonly [string, FoundComponent])[] {
  const order = (one: FoundComponent) => `${one.running?.foreign ? 1 : 0} ${one.manifest?.path ?? ''} ${one.unit}`
  const sorted = components.toSorted((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0))
  const seen = new Map<string, number>()
  return sorted.map(found => {
    const count = (seen.get(found.name) ?? 0) + 1
    seen.set(found.name, count)
    return [count === 1 ? found.name : `${found.name}#${count}`, found]
  })
}

async function describeAll(described: readonly Described[]): Promise<Lists> {
  const lists: Lists = { apiServers: [], controllerManagers: [], schedulers: [], etcdMembers: [], kubeProxies: [] }
  for (const { id, description } of described) {
    switch (description.found.name) {
      case 'kube-apiserver':
        lists.apiServers.push({ id, ...(await describeApiServer(description)) })
        break
      case 'kube-controller-manager':
        lists.controllerManagers.push({ id, ...(await describeControllerManager(description)) })
        break
      case 'kube-scheduler':
        lists.schedulers.push({ id, ...(await describeScheduler(description)) })
        break
      case 'etcd':
        lists.etcdMembers.push({ id, ...(await describeEtcd(description)) })
        break
      case 'kube-proxy':
        lists.kubeProxies.push({ id, ...(await describeKubeProxy(description)) })
        break
    }
  }
  return lists
}

function processOf(id: string, { found, startedAtMs }: Description): ControlPlaneObservations['processes'] {
  if (!found.running || startedAtMs === undefined) return []
  return [{ component: id, pid: found.running.process.pid, startedAt: new Date(startedAtMs).toISOString() }]
}

async function statLogs(host: Host, paths: readonly string[]): Promise<ControlPlaneObservations['auditLogs']> {
  const logs: ControlPlaneObservations['auditLogs'] = []
  for (const path of new Set(paths)) {
    const stat = await host.stat(path)
    if (stat.state !== 'present') continue
    const modifiedAt = new Date(stat.value.modifiedAtMs).toISOString()
    logs.push({ path, sizeBytes: stat.value.sizeBytes, modifiedAt })
  }
  return logs
}
