// Tells how the file systems behind well-known directories are mounted, from the mount table of process 1.
import type { MountRow } from '../../proto/facets/files.ts'
import type { Host } from '../host/host.ts'
import { offline } from '../no-answer.ts'
import { type Mount, parseMountinfo } from '../parse/mountinfo.ts'
import type { Gaps } from '../probe.ts'
import { mountedDirectories } from './sensitive-paths.ts'

const mountinfo = '/proc/1/mountinfo'
/** Hosts with thousands of containers have as many mounts. */
const maxBytes = 16 * 1024 * 1024

/** Rows of the directories that are there; undefined, with a gap, when the mount table could not be read. */
export async function readMountRows(host: Host, gaps: Gaps): Promise<readonly MountRow[] | undefined> {
  if (!host.live) {
    gaps.note('mounts', 'omitted', offline(mountinfo))
    return undefined
  }
  const text = await host.readText(mountinfo, { maxBytes })
  if (text.state !== 'present') {
    const state = text.state === 'absent' ? 'unavailable' : text.state
    gaps.note('mounts', 'omitted', { state, path: text.path, detail: text.detail })
    return undefined
  }
  const mounts = parseMountinfo(text.value)
  const rows: MountRow[] = []
  for (const path of mountedDirectories) {
    const real = await host.realPath(path)
    // A directory on a remote mount is not looked at, and its mount is told all the same.
    const place = real.state === 'present' ? real.value : path
    if (real.state !== 'present' && real.state !== 'remote') gaps.note('mounts', 'incomplete', real)
    const mount = real.state === 'present' || real.state === 'remote' ? mountOf(mounts, place) : undefined
    if (mount) rows.push(rowOf(path, place, mount))
  }
  return rows
}

/** The last mount of the longest mount point at or above the path: later ones lie on top. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let best: Mount | undefined
  for (const mount of mounts) {
    if (!isAtOrBelow(path, mount.mountPoint)) continue
    if (!best || mount.mountPoint.length >= best.mountPoint.length) best = mount
  }
  return best
}

function isAtOrBelow(path: string, mountPoint: string): boolean {
  return mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`)
}

function rowOf(path: string, place: string, mount: Mount): MountRow {
  const has = (option: string) => mount.options.includes(option)
  return {
    path,
    mountPoint: mount.mountPoint,
    separate: mount.mountPoint === place,
    fsType: mount.fsType,
    nodev: has('nodev'),
    nosuid: has('nosuid'),
    noexec: has('noexec'),
    readOnly: has('ro') || mount.superOptions.includes('ro'),
  }
}
