// Finds the parts of the host's file system that a container sees, by comparing its mountinfo with that of process 1.
import type { Mount } from './mountinfo.ts'

export type HostMountKind =
  | 'root'
  | 'socket'
  | 'runtime'
  | 'kubernetes'
  | 'etc'
  | 'proc'
  | 'sys'
  | 'dev'
  | 'boot'
  | 'home'
  | 'run'
  | 'var'
  | 'usr'

export interface HostMount {
  /** path on the host */
  readonly source: string
  /** path in the container */
  readonly target: string
  readonly kind: HostMountKind
  readonly readOnly: boolean
}

interface Place {
  readonly path: string
  readonly kind: HostMountKind
  /** what lies below it counts, too */
  readonly below: boolean
}

const place = (kind: HostMountKind, below: boolean, ...paths: readonly string[]): readonly Place[] =>
  paths.map(path => ({ path, kind, below }))

/** Places of a host that matter, the more special ones first. What engines mount by themselves lies in none of them. */
const places: readonly Place[] = [
  ...place('kubernetes', true, '/etc/kubernetes', '/var/lib/kubelet/pki', '/var/lib/etcd', '/var/lib/rancher'),
  ...place('kubernetes', false, '/var/lib/kubelet', '/var/lib/kubelet/pods'),
  ...place('runtime', true, '/etc/docker', '/etc/containerd', '/etc/crio', '/etc/cni', '/opt/cni', '/usr/libexec/cni'),
  ...place('runtime', false, '/var/lib/docker', '/var/lib/containerd', '/var/lib/containers', '/run/containerd'),
  ...place('runtime', false, '/run/docker', '/run/crio', '/run/k3s', '/run/podman'),
  ...place('etc', true, '/etc'),
  ...place('proc', true, '/proc'),
  ...place('sys', true, '/sys'),
  ...place('dev', true, '/dev'),
  ...place('boot', true, '/boot'),
  ...place('home', true, '/root'),
  ...place('home', false, '/home'),
  ...place('run', true, '/run/systemd', '/run/dbus', '/run/udev'),
  ...place('run', false, '/run'),
  ...place('var', true, '/var/spool/cron', '/var/lib/systemd'),
  ...place('var', false, '/var', '/var/lib', '/var/log', '/var/run', '/var/spool'),
  ...place('usr', false, '/usr', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/local', '/usr/local/bin', '/lib', '/opt'),
  ...place('usr', false, '/bin', '/sbin', '/lib64', '/srv', '/mnt'),
]

const socket = /^\/run\/(?:.*\/)?(?:docker|containerd|crio|podman|cri-dockerd|dockershim)\.sock$/
/** Files of /etc that containers may well have from the host and that say nothing. */
const harmless =
  /^\/etc\/(?:localtime|timezone|resolv\.conf|hosts|hostname|machine-id|ssl(?:\/.*)?|pki\/(?:ca-trust|tls)(?:\/.*)?|ca-certificates(?:\/.*)?)$/

/** Most mounts of a container that are looked at. */
const maxMounts = 5000

/**
 * @param own mounts of the container's first process
 * @param host mounts of process 1
 */
export function findHostMounts(own: readonly Mount[], host: readonly Mount[]): readonly HostMount[] {
  const byDevice = new Map<string, Mount[]>()
  for (const mount of host) {
    const mounts = byDevice.get(mount.device)
    if (mounts) mounts.push(mount)
    else byDevice.set(mount.device, [mount])
  }
  const found = new Map<string, HostMount>()
  for (const mount of own.slice(0, maxMounts)) {
    if (isOwnMount(mount)) continue
    const source = hostPath(mount, byDevice.get(mount.device) ?? [])
    const kind = source === undefined ? undefined : kindOf(source)
    if (source === undefined || kind === undefined) continue
    const readOnly = mount.options.includes('ro')
    found.set(`${source}\n${mount.mountPoint}`, { source, target: mount.mountPoint, kind, readOnly })
  }
  return [...found.values()]
}

/** Every container has these, and they are the host's own where it shares the namespace that they belong to. */
function isOwnMount({ mountPoint, fsType }: Mount): boolean {
  if (fsType === 'proc') return mountPoint === '/proc' || mountPoint.startsWith('/proc/')
  if (fsType === 'sysfs') return mountPoint === '/sys'
  if (fsType === 'cgroup' || fsType === 'cgroup2') return mountPoint.startsWith('/sys/fs/cgroup')
  // Its own root; elsewhere it is a directory of a host that has overlays of its own, such as Talos' /etc/kubernetes.
  if (fsType === 'overlay') return mountPoint === '/'
  return fsType === 'mqueue' || fsType === 'devpts'
}

/** Where the host has what is mounted: the mount of that file system whose root lies closest above it. */
function hostPath(mount: Mount, candidates: readonly Mount[]): string | undefined {
  let best: Mount | undefined
  for (const candidate of candidates) {
    if (isAtOrBelow(mount.root, candidate.root) && (!best || candidate.root.length > best.root.length)) best = candidate
  }
  if (!best) return undefined
  const rest = best.root === '/' ? mount.root : mount.root.slice(best.root.length)
  const path = `${best.mountPoint === '/' ? '' : best.mountPoint}${rest === '/' ? '' : rest}`
  return path === '' ? '/' : path
}

function isAtOrBelow(path: string, above: string): boolean {
  return above === '/' || path === above || path.startsWith(`${above}/`)
}

function kindOf(path: string): HostMountKind | undefined {
  if (path === '/') return 'root'
  if (socket.test(path)) return 'socket'
  if (harmless.test(path)) return undefined
  return places.find(one => path === one.path || (one.below && path.startsWith(`${one.path}/`)))?.kind
}
