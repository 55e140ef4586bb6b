// Lists the API sockets of container engines that exist, with who may write to them.

import type { ContainerRuntimeFacts } from '../../proto/facets/container-runtime.ts'
import type { Host } from '../host/host.ts'
import { octalMode } from '../octal-mode.ts'
import type { Gaps } from '../probe.ts'

export type Socket = ContainerRuntimeFacts['sockets'][number]

/** Where engines listen when nobody says otherwise. */
const usualSockets: readonly (readonly [path: string, engine: Socket['engine']])[] = [
  ['/run/docker.sock', 'docker'],
  ['/run/containerd/containerd.sock', 'containerd'],
  ['/run/docker/containerd/containerd.sock', 'containerd'],
  ['/run/k3s/containerd/containerd.sock', 'containerd'],
  ['/run/crio/crio.sock', 'cri-o'],
  ['/run/podman/podman.sock', 'podman'],
  ['/run/cri-dockerd.sock', 'cri-dockerd'],
]

/** @param configured sockets that engines are told to use; several paths of one socket make one row; groups are undefined when unknown */
export async function readSockets(
  host: Host,
  configured: readonly (readonly [path: string, engine: Socket['engine']])[],
  groups: ReadonlyMap<number, string> | undefined,
  gaps: Gaps,
): Promise<readonly Socket[]> {
  const rows = new Map<string, Socket>()
  for (const [asked, engine] of [...configured, ...usualSockets]) {
    const path = asked.startsWith('/') ? await host.realPath(asked) : undefined
    if (path === undefined) continue
    if (path.state !== 'present') {
      gaps.note('sockets', 'incomplete', path)
      continue
    }
    const stat = await host.stat(path.value)
    if (stat.state !== 'present') gaps.note('sockets', 'incomplete', stat)
    else if (stat.value.kind === 'socket' && !rows.has(path.value)) {
      const { mode, uid, gid } = stat.value
      const group = groups && { group: groups.get(gid) ?? '' }
      rows.set(path.value, { path: path.value, engine, mode: octalMode(mode), uid, gid, ...group })
    }
  }
  return [...rows.values()]
}
