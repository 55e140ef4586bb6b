// Knows which paths of a root lie on network, FUSE or autofs mounts, where a read may block for ever.
import { readFileSync, realpathSync } from 'node:fs'
import { type Clock, systemClock } from '../../runtime/clock.ts'
import { type Mount, parseMountinfo } from '../parse/mountinfo.ts'
import { decodeHostBytes, fsPath } from './decode.ts'

export interface Mounts {
  /** File system type of the remote mount that `path` (resolved, inside the root) is at or below, or ''. */
  remoteType(path: string): string
  /** Whether something other than the kernel's own pseudo file systems is mounted at or above `path` below /proc or /sys. */
  isForeign(path: string): boolean
}

const refreshAfterMs = 1000
const remoteTypes: ReadonlySet<string> = new Set([
  ...['autofs', 'nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ncpfs', 'afs', 'coda', 'ceph', 'glusterfs', 'lustre', 'gfs2'],
  ...['ocfs2', 'gpfs', 'beegfs', 'orangefs', 'pvfs2', '9p', 'virtiofs', 'davfs', 'fuse', 'fuseblk', 'curlftpfs'],
  ...['vboxsf', 'vmhgfs', 'prl_fs', 'panfs', 'wekafs', 'acfs', 'shfs'],
])
/** Pseudo file systems in which only the kernel makes symbolic links. */
const kernelTypes: ReadonlySet<string> = new Set([
  ...['proc', 'sysfs', 'cgroup', 'cgroup2', 'securityfs', 'tracefs', 'debugfs', 'pstore', 'efivarfs', 'selinuxfs'],
  ...['binfmt_misc', 'fusectl', 'nfsd', 'resctrl'],
])

interface Picture {
  readonly remote: readonly (readonly [path: string, fsType: string])[]
  readonly foreign: readonly string[]
}

/**
 * Watches the mounts below a root. The mount that holds the root itself counts as local: it was named by whoever
 * started the agent, and a diskless host boots from such a mount.
 * @param readMountinfo the text of mountinfo, for tests
 * @throws what reading mountinfo or resolving the root throws at the first time
 */
export function openMounts(
  root: string,
  readMountinfo: () => string = mountinfoOf(root),
  clock: Pick<Clock, 'monotonic'> = systemClock,
): Mounts {
  const prefix = mountPrefix(root)
  let text = readMountinfo()
  let picture = paint(parseMountinfo(text), prefix)
  let readAt = clock.monotonic()
  const current = (): Picture => {
    const now = clock.monotonic()
    if (now - readAt < refreshAfterMs) return picture
    readAt = now
    const fresh = readOr(text, readMountinfo)
    if (fresh !== text) picture = paint(parseMountinfo(fresh), prefix)
    text = fresh
    return picture
  }
  return {
    remoteType: path => current().remote.find(([mount]) => isAtOrBelow(path, mount))?.[1] ?? '',
    isForeign: path => current().foreign.some(mount => isAtOrBelow(path, mount)),
  }
}

/** `/proc/PID/root` shows another mount namespace, whose mounts only that process's mountinfo lists. */
const processRoot = /^(\/proc\/\d+)\/root(\/.*)?$/

/** Reads the mount table in which a root's mounts stand. */
export function mountinfoOf(root: string): () => string {
  const file = `${processRoot.exec(root)?.[1] ?? '/proc/self'}/mountinfo`
  return () => decodeHostBytes(readFileSync(file))
}

/** What was known stays known when the file cannot be read for once. */
function readOr(known: string, readMountinfo: () => string): string {
  try {
    return readMountinfo()
  } catch {
    return known
  }
}

/** What stands before the paths of a root in that table: the root's own path, '' for `/`. */
export function mountPrefix(root: string): string {
  const inProcess = processRoot.exec(root)
  if (inProcess) return (inProcess[2] ?? '').replace(/\/+$/, '')
  const real = decodeHostBytes(realpathSync(fsPath(root), { encoding: 'buffer' }))
  return real === '/' ? '' : real
}

function paint(mounts: readonly Mount[], prefix: string): Picture {
  const remote: (readonly [string, string])[] = []
  const foreign: string[] = []
  for (const mount of visible(mounts)) {
    if (!mount.mountPoint.startsWith(`${prefix}/`) || mount.mountPoint === '/') continue
    const path = mount.mountPoint.slice(prefix.length)
    if (isRemote(mount.fsType)) remote.push([path, mount.fsType])
    else if (/^\/(proc|sys)\//.test(path) && !kernelTypes.has(mount.fsType)) foreign.push(path)
  }
  return { remote, foreign }
}

/** Leaves out mounts with another mount right on top, such as the autofs below a mounted automount point. */
export function visible(mounts: readonly Mount[]): Mount[] {
  const points = new Map(mounts.map(mount => [mount.id, mount.mountPoint]))
  const covered = new Set<number>()
  for (const mount of mounts) if (points.get(mount.parentId) === mount.mountPoint) covered.add(mount.parentId)
  return mounts.filter(mount => !covered.has(mount.id))
}

export function isRemote(fsType: string): boolean {
  return remoteTypes.has(fsType) || fsType.startsWith('fuse.')
}

function isAtOrBelow(path: string, mount: string): boolean {
  return path.startsWith(mount) && (path.length === mount.length || path[mount.length] === '/')
}
