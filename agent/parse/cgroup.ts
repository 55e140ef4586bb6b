// Reads /proc/PID/cgroup and tells the systemd unit, the container and the Kubernetes pod of its paths.

export interface CgroupIdentity {
  /** systemd unit of the host's own manager, such as ssh.service or session-1.scope; empty when there is none */
  readonly unit: string
  /** id as the runtime knows it, empty outside containers */
  readonly containerId: string
  /** with dashes, empty outside Kubernetes pods */
  readonly podUid: string
}

/** Paths of one process's cgroups, the unified hierarchy (`0::`) first, each once. cgroups(7) */
export function parseCgroup(text: string): string[] {
  const unified: string[] = []
  const others: string[] = []
  for (const line of text.split('\n')) {
    const match = /^(\d+):([^:]*):(\/.*)$/s.exec(line)
    if (!match) continue
    const [, hierarchy, controllers, path = ''] = match
    if (hierarchy === '0' && controllers === '') unified.push(path)
    else others.push(path)
  }
  return [...new Set([...unified, ...others])]
}

/** What the paths of one process say together: of each kind the first that says anything. */
export function identifyCgroups(paths: readonly string[]): CgroupIdentity {
  const all = paths.map(identifyCgroup)
  const first = (pick: (one: CgroupIdentity) => string) => all.map(pick).find(text => text !== '') ?? ''
  return {
    unit: first(one => one.unit),
    containerId: first(one => one.containerId),
    podUid: first(one => one.podUid),
  }
}

function identifyCgroup(path: string): CgroupIdentity {
  const parts = path.split('/').filter(part => part !== '')
  return { unit: unitOf(parts), containerId: containerOf(parts), podUid: podOf(parts) }
}

const unitName = /^[A-Za-z0-9:_.\\@-]{1,249}\.(?:service|scope|socket|mount|swap)$/

/** The system unit as systemd itself reads a path: the first component that is no slice. A container's scope is none. */
function unitOf(parts: readonly string[]): string {
  const first = parts.find(part => !part.endsWith('.slice') && part !== '..') ?? ''
  // systemd puts an underscore before names that would mean something to cgroupfs.
  const name = first.replace(/^_/, '')
  return unitName.test(name) && !containerScope.test(name) && !monitorScope.test(name) ? name : ''
}

const hexId = '[0-9a-f]{64}'
/** `docker-ID.scope`, `cri-containerd-ID.scope`, `crio-ID.scope`, `libpod-ID.scope` */
const containerScope = new RegExp(`^(?:docker|cri-containerd|crio|libpod|nerdctl)-(${hexId})\\.scope$`)
/** conmon watches a container from outside it. */
const monitorScope = new RegExp(`^(?:crio|libpod)-conmon-${hexId}\\.scope$`)
const bareId = new RegExp(`^(?:crio-|libpod-)?(${hexId})$`)

/** The innermost container of the path. */
function containerOf(parts: readonly string[]): string {
  for (const part of parts.toReversed()) {
    const id = containerScope.exec(part)?.[1] ?? bareId.exec(part)?.[1] ?? colonForm(part)
    if (id) return id
  }
  return lxcName(parts)
}

/** runc's systemd form `slice:prefix:ID` when it stands in a path of cgroupfs, as containerd 1.x wrote. */
function colonForm(part: string): string | undefined {
  return /^[^:]*\.slice:(?:cri-containerd|docker|crio|nerdctl):([0-9a-f]{64})$/.exec(part)?.[1]
}

/** LXC names its containers itself. (`/NAMESPACE/NAME` of a plain containerd cannot be told from other paths.) */
function lxcName(parts: readonly string[]): string {
  const [, version4, older] =
    /^(?:lxc\.payload\.([A-Za-z0-9_.-]{1,64})|lxc\/([A-Za-z0-9_.-]{1,64}))(?:\/|$)/.exec(parts.join('/')) ?? []
  return version4 ?? older ?? ''
}

const uid = '[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}'
/** `kubepods-burstable-podUID.slice` (systemd driver, `_` for `-`), `podUID` (cgroupfs driver); static pods: 32 digits */
const podPart = new RegExp(`^(?:kube[a-z0-9-]*-)?pod(${uid}|[0-9a-f]{32})(?:\\.slice(?::[^:]+:[^:]+)?)?$`)

function podOf(parts: readonly string[]): string {
  const kube = parts.findIndex(part => /^(?:[a-z0-9-]+-)?kubepods(?:[.-]|$)/.test(part))
  if (kube < 0) return ''
  for (const part of parts.slice(kube)) {
    const found = podPart.exec(part)?.[1]
    if (found) return found.replaceAll('_', '-')
  }
  return ''
}
