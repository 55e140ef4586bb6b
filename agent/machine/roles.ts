// Tells which container runtimes and Kubernetes roles a host has, by its files and its processes.
import type { HostFacts } from '../../proto/facets/host.ts'
import type { Host } from '../host/host.ts'
import type { HostProcess } from '../host/processes.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import type { Gaps } from '../probe.ts'

interface Traces {
  /** file names of executables, or names of processes whose executable is not known */
  readonly processes: readonly string[]
  /** a file or directory of these is enough */
  readonly paths: readonly string[]
}

const binaries = (...names: readonly string[]) =>
  names.flatMap(name => ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'].map(bin => `${bin}/${name}`))

const runtimes: Readonly<Record<string, Traces>> = {
  containerd: {
    processes: ['containerd'],
    paths: [
      ...binaries('containerd'),
      '/etc/containerd/config.toml',
      '/var/lib/rancher/k3s/agent/containerd',
      '/var/lib/rancher/rke2/agent/containerd',
      '/var/lib/k0s/containerd',
    ],
  },
  docker: {
    processes: ['dockerd'],
    paths: [...binaries('dockerd'), '/etc/docker/daemon.json', '/snap/docker/current'],
  },
  'cri-o': { processes: ['crio'], paths: [...binaries('crio'), '/etc/crio/crio.conf', '/etc/crio/crio.conf.d'] },
  podman: { processes: ['podman'], paths: binaries('podman') },
}

/**
 * Files that only a node has: what the kubelet got when it joined, static pods, data directories. A kubelet that is
 * merely installed makes no node.
 */
const roles: Readonly<Record<string, Traces>> = {
  worker: {
    processes: ['kubelet', 'kubelite', 'k3s-server', 'k3s-agent'],
    paths: [
      '/etc/kubernetes/kubelet.conf',
      '/var/lib/kubelet/kubeconfig',
      '/var/lib/kubelet/pki/kubelet-client-current.pem',
      '/var/lib/rancher/k3s/agent/kubelet.kubeconfig',
      '/var/lib/rancher/rke2/agent/kubelet.kubeconfig',
      '/var/lib/k0s/kubelet.conf',
      '/var/snap/microk8s/current/credentials/kubelet.config',
    ],
  },
  'control-plane': {
    processes: ['kube-apiserver', 'kube-controller', 'kube-controller-manager', 'kube-scheduler', 'k3s-server'],
    paths: [
      '/etc/kubernetes/manifests/kube-apiserver.yaml',
      '/etc/kubernetes/manifests/kube-controller-manager.yaml',
      '/etc/kubernetes/manifests/kube-scheduler.yaml',
      '/var/lib/rancher/k3s/server/tls',
      '/var/lib/rancher/rke2/agent/pod-manifests/kube-apiserver.yaml',
      '/var/lib/k0s/pki/admin.conf',
    ],
  },
  etcd: {
    processes: ['etcd'],
    paths: [
      '/etc/kubernetes/manifests/etcd.yaml',
      '/var/lib/rancher/k3s/server/db/etcd',
      '/var/lib/rancher/rke2/agent/pod-manifests/etcd.yaml',
      '/var/lib/k0s/etcd',
    ],
  },
}

export type Roles = Pick<HostFacts, 'containerRuntimes' | 'kubernetesRoles'>

export async function readRoles(host: Host, processes: readonly HostProcess[], gaps: Gaps): Promise<Roles> {
  const running = new Set(processes.flatMap(programNames))
  // An engine in a container is not the host's; a control plane in one is.
  const onHost = new Set(
    processes.filter(({ cgroups }) => identifyCgroups(cgroups).containerId === '').flatMap(programNames),
  )
  return {
    containerRuntimes: await traced(host, runtimes, onHost, 'containerRuntimes', gaps),
    kubernetesRoles: await traced(host, roles, running, 'kubernetesRoles', gaps),
  }
}

/** k3s is one program for everything and tells by its process name what it is. */
function programNames({ name, executable }: HostProcess): readonly string[] {
  if (executable === '') return [name]
  const program = executable.slice(executable.lastIndexOf('/') + 1)
  return program === 'k3s' ? [program, name] : [program]
}

async function traced(
  host: Host,
  candidates: Readonly<Record<string, Traces>>,
  running: ReadonlySet<string>,
  field: string,
  gaps: Gaps,
): Promise<string[]> {
  const found: string[] = []
  for (const [name, traces] of Object.entries(candidates)) {
    const runs = traces.processes.some(process => running.has(process))
    if (runs || (await anyExists(host, traces.paths, field, gaps))) found.push(name)
  }
  return found
}

async function anyExists(host: Host, paths: readonly string[], field: string, gaps: Gaps): Promise<boolean> {
  for (const path of paths) {
    const stat = await host.stat(path)
    if (stat.state === 'present') return true
    gaps.note(field, 'incomplete', stat)
  }
  return false
}
