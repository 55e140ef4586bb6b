// Facet `containers`: what containers, daemons and static pods may really do on this host.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

const capabilities = z.string()
const confinement = {
  uid: z.int().describe('effective user of the process as the host sees it'),
  gid: z.int().describe('effective group of the process as the host sees it'),
  effective: sortedSet(capabilities).describe('effective capabilities without CAP_, such as NET_ADMIN'),
  bounding: sortedSet(capabilities).describe('capabilities that the process and its children can ever have'),
  ambient: sortedSet(capabilities).describe('capabilities that programs without file capabilities inherit'),
  allCapabilities: z
    .boolean()
    .optional()
    .describe('it has every capability up to AUDIT_READ that process 1 of the host may have: privileged'),
  noNewPrivs: z.boolean().describe('set-uid programs give nothing'),
  seccomp: z.enum(['none', 'strict', 'filter']).describe('how system calls are filtered'),
  apparmor: z.string().optional().describe('AppArmor profile, `unconfined`, or empty where the kernel has no AppArmor'),
  apparmorMode: z.string().optional().describe('mode of the profile, empty without one'),
  selinux: z.string().optional().describe('type of the SELinux context, empty where the kernel has no SELinux'),
}

export const WorkloadSchema = z.object({
  manager: z.enum(['kubernetes', 'docker', 'containerd', 'podman', 'lxc', 'other']).describe('who started it'),
  namespace: z.string().describe('namespace of the pod or of containerd, else empty'),
  name: z.string().describe('pod without generated endings, container, or image or program where it has no name'),
  container: z.string().describe('container in the pod, empty outside of pods'),
  variant: z.int().describe('1, and further numbers where containers of that name differ'),
  image: z.string().optional().describe('image reference; left out when the engine’s records do not tell'),
  sandbox: z
    .enum(['none', 'gvisor', 'kata', 'firecracker', 'other'])
    .optional()
    .describe('what stands between it and the kernel'),
  ...confinement,
  rootInside: z.boolean().optional().describe('uid 0 as the container itself sees it'),
  userNamespace: z.boolean().optional().describe('it has a user namespace of its own: its root is not the host’s'),
  hostNamespaces: sortedSet(z.string())
    .optional()
    .describe('namespaces of process 1 that it shares: cgroup, ipc, mnt, net, pid, user, uts'),
  readOnlyRoot: z.boolean().optional().describe('its root file system is mounted read-only'),
  hostMounts: keyed(
    z.object({
      source: z.string().describe('path on the host'),
      target: z.string().describe('path in the container'),
      kind: z
        .enum([
          'root',
          'socket',
          'runtime',
          'kubernetes',
          'etc',
          'proc',
          'sys',
          'dev',
          'boot',
          'home',
          'run',
          'var',
          'usr',
        ])
        .describe('what of the host it shows'),
      readOnly: z.boolean().describe('mounted read-only'),
    }),
    ['source', 'target'],
  )
    .optional()
    .describe('parts of the host’s file system that matter, from mountinfo'),
})
export type Workload = z.infer<typeof WorkloadSchema>

export const StaticContainerSchema = z.object({
  path: z.string().describe('manifest'),
  pod: z.string().describe('metadata.name'),
  namespace: z.string().describe('metadata.namespace, default when not given'),
  container: z.string().describe('name of the container'),
  init: z.boolean().describe('an init container'),
  image: z.string().describe('image as written'),
  privileged: z.boolean().describe('securityContext.privileged'),
  allowPrivilegeEscalation: z.boolean().describe('true unless it is denied'),
  runAsNonRoot: z.boolean().describe('of the container or the pod'),
  runAsUser: z.int().describe('of the container or the pod, -1 when the image decides'),
  readOnlyRootFilesystem: z.boolean().describe('securityContext.readOnlyRootFilesystem'),
  capabilitiesAdded: sortedSet(z.string()).describe('capabilities.add without CAP_'),
  capabilitiesDropped: sortedSet(z.string()).describe('capabilities.drop without CAP_'),
  seccomp: z.string().describe('RuntimeDefault, Unconfined, Localhost:PROFILE; empty when the kubelet decides'),
  apparmor: z.string().describe('RuntimeDefault, Unconfined, Localhost:PROFILE; empty when the engine decides'),
  hostNamespaces: sortedSet(z.string()).describe('ipc, net, pid as hostIPC, hostNetwork and hostPID ask'),
  hostPaths: keyed(
    z.object({
      path: z.string().describe('path on the host'),
      readOnly: z.boolean().describe('the mount is read-only'),
    }),
    ['path'],
  ).describe('hostPath volumes that the container mounts'),
})
export type StaticContainer = z.infer<typeof StaticContainerSchema>

export const ContainersFacet = defineFacet({
  name: 'containers',
  version: 1,
  title: 'What containers, daemons and static pods may really do on the host',
  facts: {
    workloads: keyed(WorkloadSchema, ['manager', 'namespace', 'name', 'container', 'variant'])
      .optional()
      .describe(
        'containers that run, or ran within six minutes, grouped by what they are; left out for an offline root',
      ),
    daemons: keyed(
      z.object({
        unit: z.string().describe('systemd service'),
        program: z.string().describe('name of its main process'),
        ...confinement,
      }),
      ['unit'],
    )
      .optional()
      .describe('main processes of services that stay, as workloads; left out for an offline root'),
    staticPods: keyed(StaticContainerSchema, ['path', 'pod', 'container']).describe(
      'containers of static pod manifests, as declared',
    ),
  },
  observations: {
    containers: keyed(
      z.object({
        id: z.string().describe('id as the engine knows it'),
        manager: z.string().describe('who started it'),
        namespace: z.string().describe('namespace of the pod or of containerd'),
        pod: z.string().describe('full name of the pod or container'),
        container: z.string().describe('container in the pod'),
        program: z.string().describe('name of its first process'),
        pid: z.int().describe('its first process'),
      }),
      ['id'],
    )
      .optional()
      .describe('containers now'),
  },
})
export type ContainersFacts = FactsOf<typeof ContainersFacet>
export type ContainersObservations = ObservationsOf<typeof ContainersFacet>
