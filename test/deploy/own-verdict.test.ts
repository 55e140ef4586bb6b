// What our own checks say of our own pods: of the collector nothing, of the agent what the guide gives reasons for.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1'
import t from 'tap'
import { stringify } from 'yaml'
import { capabilityNames } from '../../agent/parse/capabilities.ts'
import { parsePodSecurity } from '../../agent/parse/pod-security.ts'
import { catalog } from '../../policy/catalog.generated.ts'
import { createEngine } from '../../policy/engine.ts'
import { ContainersFacet, type Workload } from '../../proto/facets/containers.ts'
import { facets } from '../../proto/facets.generated.ts'
import { sealPresent } from '../../proto/seal.ts'
import { agentPod, find, kustomized, type Pod, podOf } from './rendered.ts'

const guide = readFileSync(join(import.meta.dirname, '../../docs/kubernetes.md'), 'utf8')
const engine = createEngine(catalog, facets)
/** What is judged by what containers may do, and by nothing else of the host. */
const checks = catalog.checks
  .map(({ id }) => id)
  .filter(id => /^(containers|static-pods)-/.test(id) && engine.facetsOf(id).join() === 'containers')

/** Every capability that a kernel of today has. */
const everything = [...capabilityNames((1n << 41n) - 1n)]
const runtimeDefault = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'NET_RAW'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
]

/** The row that the containers facet would have of a pod's container, on a host with AppArmor. */
function workloadOf(namespace: string, name: string, { pod, container }: Pod): Workload {
  const { securityContext: own = {}, volumeMounts = [] } = container
  const user = own.runAsUser ?? pod.securityContext?.runAsUser ?? 0
  const isPrivileged = own.privileged === true
  const kept = own.capabilities?.drop?.includes('ALL') === true ? [] : runtimeDefault
  const granted = [...new Set([...kept, ...(own.capabilities?.add ?? [])])].sort()
  const all = isPrivileged ? everything : granted
  const seccomp = own.seccompProfile ?? pod.securityContext?.seccompProfile
  const appArmor = own.appArmorProfile?.type ?? (isPrivileged ? 'Unconfined' : 'RuntimeDefault')
  const shared = { net: pod.hostNetwork === true, pid: pod.hostPID === true, ipc: pod.hostIPC === true }
  return {
    ...{ manager: 'kubernetes', namespace, name, container: container.name, variant: 1, image: container.image ?? '' },
    ...{ sandbox: 'none', uid: user, gid: own.runAsGroup ?? pod.securityContext?.runAsGroup ?? 0 },
    ...{ effective: user === 0 ? all : [], bounding: all, ambient: [], allCapabilities: isPrivileged },
    noNewPrivs: own.allowPrivilegeEscalation === false,
    seccomp: !isPrivileged && seccomp?.type === 'RuntimeDefault' ? 'filter' : 'none',
    apparmor:
      appArmor === 'Unconfined' ? 'unconfined' : (own.appArmorProfile?.localhostProfile ?? 'cri-containerd.apparmor.d'),
    ...{ apparmorMode: appArmor === 'Unconfined' ? '' : 'enforce', selinux: '' },
    ...{ rootInside: user === 0, userNamespace: false, readOnlyRoot: own.readOnlyRootFilesystem === true },
    hostNamespaces: Object.entries(shared).flatMap(([kind, isShared]) => (isShared ? [kind] : [])),
    // A directory of one's own below /var/lib is none of the places that the facet tells.
    hostMounts: volumeMounts.flatMap(mount => {
      const path = pod.volumes?.find(volume => volume.name === mount.name)?.hostPath?.path
      const row = { source: path ?? '', target: mount.mountPath, readOnly: mount.readOnly === true }
      return path === '/' ? [{ ...row, kind: 'root' as const }] : []
    }),
  }
}

function failing(namespace: string, name: string, of: Pod): readonly string[] {
  const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: of.pod }
  const declared = parsePodSecurity(stringify(manifest))
  if (declared.state !== 'pod') throw new Error(`no pod: ${declared.state}`)
  const facts = {
    ...{ workloads: [workloadOf(namespace, name, of)], daemons: [], gaps: [] },
    staticPods: declared.containers.map(container => ({ path: '/etc/kubernetes/manifests/x.yaml', ...container })),
  }
  const state = sealPresent(ContainersFacet, facts, { containers: [] })
  const results = engine.evaluate({ facets: new Map([['containers', state]]), now: new Date(0), checks })
  const unclear = results.filter(result => !['pass', 'fail', 'not_applicable', 'manual'].includes(result.state))
  if (unclear.length > 0) throw new Error(JSON.stringify(unclear))
  return results
    .filter(result => result.state === 'fail')
    .map(result => result.check)
    .sort()
}

/** Rows of the guide: check, and why it fails. */
const reasons = [...guide.matchAll(/^\| \[?`?((?:containers|static-pods)-[\w-]+)`?[^|]*\| ([^|]{20,}) \|$/gm)].map(
  ([, id]) => id ?? '',
)

const base = kustomized('deploy/kubernetes')

t.test('of the agent fails what the guide gives a reason for, and nothing else', async t => {
  const found = failing('gabion-agent', 'gabion-agent', agentPod(base))
  t.comment(found.join(', '))
  t.ok(found.length > 0)
  t.strictSame(found, [...reasons].sort())
})

t.test('of the collector nothing fails, with either database', async t => {
  const set = podOf(find<IStatefulSet>(base, 'StatefulSet', 'gabion-collector'))
  t.strictSame(failing('gabion', 'gabion-collector', set), [])
  const replicated = kustomized('deploy/kubernetes/overlays/postgres')
  const deployment = podOf(find<IDeployment>(replicated, 'Deployment', 'gabion-collector'))
  t.strictSame(failing('gabion', 'gabion-collector', deployment), [])
})

t.test('a privileged agent fails more', async t => {
  const found = failing('gabion-agent', 'gabion-agent', agentPod(kustomized('deploy/kubernetes/overlays/privileged')))
  t.ok(found.includes('containers-not-privileged'))
  t.ok(found.includes('static-pods-not-privileged'))
})
