// Chooses the file systems that a walk goes through: local ones, each part of each once.
import { type Mount, parseMountinfo } from '../../parse/mountinfo.ts'
import { visible } from '../mounts.ts'

export interface WalkStart {
  /** path inside the root */
  readonly path: string
  readonly fsType: string
}

/** File systems on local disks or in memory that keep owners and modes of files. */
const localTypes: ReadonlySet<string> = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'zfs', 'jfs', 'reiserfs', 'bcachefs', 'nilfs2', 'tmpfs'],
])

/** Pseudo file systems, and layers and volumes of containers: what is in them belongs to no host. */
const skippedPaths: readonly string[] = [
  ...['/proc', '/sys', '/dev', '/run/containerd', '/run/docker', '/run/containers', '/run/k3s', '/run/user'],
  ...['/var/lib/docker', '/var/lib/containerd', '/var/lib/containers', '/var/lib/nerdctl', '/var/lib/kubelet/pods'],
  ...['/var/lib/rancher/k3s/agent/containerd', '/var/lib/rancher/rke2/agent/containerd', '/var/lib/k0s/containerd'],
  ...['/var/snap/microk8s/common/var/lib/containerd', '/var/lib/lxc', '/var/lib/lxd', '/var/lib/incus'],
  ...['/var/lib/machines', '/var/lib/flatpak', '/snap', '/var/lib/snapd/snap'],
]
/** Layers of containers that users run without root. */
const skippedPattern = /\/\.local\/share\/(?:containers|docker|containerd|nerdctl)$/

export function isSkipped(path: string): boolean {
  return skipped.has(path) || skippedPattern.test(path)
}

const skipped = new Set(skippedPaths)
const isBelowSkipped = (path: string) =>
  skippedPaths.some(skip => path === skip || path.startsWith(`${skip}/`)) ||
  path.split('/').some((_, at, parts) => skippedPattern.test(parts.slice(0, at + 1).join('/')))

/**
 * The root first, whatever its type: whoever started the agent named it. A bind mount of a part that is walked anyway
 * is left out.
 * @param prefix what stands before the root's paths in this mount table, '' for `/`
 */
export function walkStarts(mountinfo: string, prefix: string): readonly WalkStart[] {
  const mounts = visible(parseMountinfo(mountinfo))
  const root = mounts.findLast(mount => mount.mountPoint === (prefix === '' ? '/' : prefix))
  const starts: WalkStart[] = [{ path: '/', fsType: root?.fsType ?? 'directory' }]
  const walked: Mount[] = root ? [root] : []
  for (const mount of mounts) {
    if (!mount.mountPoint.startsWith(`${prefix}/`) || mount === root || mount.mountPoint === '/') continue
    const path = mount.mountPoint.slice(prefix.length)
    if (!localTypes.has(mount.fsType) || isBelowSkipped(path) || walked.some(other => holds(other, mount))) continue
    walked.push(mount)
    starts.push({ path, fsType: mount.fsType })
  }
  return starts
}

/** Whether what one mount shows is a part of what another shows. */
function holds(one: Mount, other: Mount): boolean {
  if (one.device !== other.device) return false
  return one.root === '/' || other.root === one.root || other.root.startsWith(`${one.root}/`)
}
