// Finds the Unix sockets that give power over the host or its containers, and says who may connect to them.

import type { Holder, PortsFacts, UnixSocket } from '../../proto/facets/ports.ts'
import { type AccountNames, readAccountNames } from '../files/account-names.ts'
import { effectiveAccess } from '../files/effective-access.ts'
import { type PathChain, readPathChain, type StatCache } from '../files/path-chain.ts'
import type { Host } from '../host/host.ts'
import { octalMode } from '../octal-mode.ts'
import { parseProcNetUnix, type UnixListener } from '../parse/proc-net-unix.ts'
import type { Gaps } from '../probe.ts'

export type NotableSocket = UnixListener & { readonly kind: UnixSocket['kind'] }

const table = '/proc/1/net/unix'
const maxBytes = 16 * 1024 * 1024
const maxSockets = 500

/** By the end of the path, wherever it is: an engine without root has its socket below /run/user. */
const byPath: readonly (readonly [RegExp, UnixSocket['kind']])[] = [
  [/^@\/?containerd-shim\//, 'containerd-shim'],
  [/\/cri-dockerd\.sock$/, 'cri-dockerd'],
  [/\/dockershim\.sock$/, 'cri-dockerd'],
  [/\/docker\.sock$/, 'docker'],
  [/\/containerd\.sock(?:\.ttrpc)?$/, 'containerd'],
  [/\/crio\.sock$/, 'cri-o'],
  [/\/podman\.sock$/, 'podman'],
  [/\/buildkitd\.sock$/, 'buildkit'],
  [/\/nri\.sock$/, 'nri'],
  [/\/(?:lxd|incus)(?:-user)?\/unix\.socket(?:\.user)?$/, 'lxd'],
  [/\/libvirt-sock$/, 'libvirt'],
  [/\/kubelet\.sock$/, 'kubelet'],
  [/\/kine\.sock$/, 'kine'],
  [/\/cilium\.sock$/, 'cilium'],
  [/\/(?:falco|tetragon)\.sock$/, 'detection'],
]

/** Listening sockets of the host's network namespace whose path says what they are. */
export async function readNotableSockets(host: Host, gaps: Gaps): Promise<readonly NotableSocket[]> {
  const text = await host.readText(table, { maxBytes })
  if (text.state !== 'present') {
    gaps.note('unixSockets', 'incomplete', text)
    return []
  }
  const found = parseProcNetUnix(text.value).flatMap(listener => {
    const kind = byPath.find(([path]) => path.test(listener.path))?.[1]
    return kind === undefined ? [] : { ...listener, kind }
  })
  if (found.length <= maxSockets) return found
  const detail = `over the limit of ${maxSockets} sockets`
  gaps.add({ field: 'unixSockets', effect: 'incomplete', source: table, state: 'tooLarge', detail })
  return found.slice(0, maxSockets)
}

/** One row per path; shims of containerd, which have one each, share a row. */
export async function unixSocketRows(
  host: Host,
  sockets: readonly NotableSocket[],
  holdersOf: (inodes: readonly number[]) => Holder[] | undefined,
  names: Names,
  gaps: Gaps,
): Promise<PortsFacts['unixSockets']> {
  const cache: StatCache = new Map()
  const groups = new Map<string, { chain: PathChain | undefined; found: NotableSocket[]; unknown: boolean }>()
  for (const socket of sockets) {
    const chain = socket.path.startsWith('/') ? await readPathChain(host, socket.path, cache) : undefined
    const known = chain !== undefined && 'steps' in chain && chain.stat.kind === 'socket' ? chain : undefined
    const unknown = chain !== undefined && 'state' in chain && chain.state !== 'absent'
    if (unknown) gaps.note('unixSockets.access', 'omitted', chain)
    const path = known?.target ?? socket.path.replace(/^(@\/?containerd-shim\/).*$/, '$1*')
    const group = groups.get(path) ?? { chain: known, found: [], unknown }
    groups.set(path, { ...group, found: [...group.found, socket] })
  }
  const anyFile = [...groups.values()].some(({ chain }) => chain !== undefined)
  if (names.failure && anyFile) gaps.note('unixSockets.access', 'omitted', names.failure)
  return [...groups].map(([path, { chain, found, unknown }]) => {
    const holders = holdersOf(found.map(({ inode }) => inode))
    return {
      path,
      kind: found[0]?.kind ?? 'docker',
      ...accessOf(path, chain, unknown, names),
      ...(holders && { holders }),
    }
  })
}

function accessOf(path: string, chain: PathChain | undefined, unknown: boolean, { names }: Names) {
  const none = { state: path.startsWith('@') ? 'abstract' : 'absent', mode: '', uid: -1, gid: -1 } as const
  if (unknown) return { ...none, state: 'unreadable' } as const
  // Without a file nothing but the socket's own code keeps anybody in the same network namespace out.
  if (!chain) return { ...none, access: none.state === 'abstract' ? ['everyone'] : [] }
  const { mode, uid, gid } = chain.stat
  const access = names && { access: [...effectiveAccess(chain, names).writers] }
  return { state: 'present', mode: octalMode(mode), uid, gid, ...access } as const
}

export interface Names {
  /** undefined when they cannot be read */
  readonly names: AccountNames | undefined
  readonly failure: Parameters<Gaps['note']>[2] | undefined
}

/** Names of users and groups, read again only when their files change. */
export async function readNames(host: Host, memory: Map<string, unknown>): Promise<Names> {
  const stats = [await host.stat('/etc/passwd'), await host.stat('/etc/group')]
  const version = JSON.stringify(
    stats.map(stat =>
      stat.state === 'present' ? [stat.value.sizeBytes, stat.value.modifiedAtMs, stat.value.changedAtMs] : stat.state,
    ),
  )
  const known = memory.get('accountNames') as { readonly version: string; readonly read: Names } | undefined
  if (known?.version === version) return known.read
  const names = await readAccountNames(host)
  const read = 'state' in names ? { names: undefined, failure: names } : { names, failure: undefined }
  memory.set('accountNames', { version, read })
  return read
}
