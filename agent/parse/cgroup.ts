// Reads /proc/PID/cgroup and tells the systemd unit, the container and the Kubernetes pod of its paths.

export interface CgroupIdentity {
  /** innermost systemd unit that is a service, socket, mount or scope of its own; empty when there is none */
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

/** The last unit on the path; a scope that a container runtime made stands for the container, not for a unit. */
function unitOf(parts: readonly string[]): string {
  const units = parts.filter(part => unitName.test(part) && !containerScope.test(part))
  // user@1000.service/app.slice/x.service: the user's own unit is the innermost.
  return units.at(-1) ?? ''
}

const hexId = '[0-9a-f]{64}'
/** `docker-ID.scope`, `cri-containerd-ID.scope`, `crio-ID.scope`, `libpod-ID.scope`, `crio-conmon-ID.scope` */
const containerScope = new RegExp(
  `^(?:docker|cri-containerd|crio|crio-conmon|libpod|libpod-conmon|nerdctl)-(${hexId})\\.scope$`,
)
const bareId = new RegExp(`^(?:crio-|libpod-)?(${hexId})$`)

/** The innermost container of the path. */
function containerOf(parts: readonly string[]): string {
  for (const part of parts.toReversed()) {
    const id = containerScope.exec(part)?.[1] ?? bareId.exec(part)?.[1] ?? colonForm(part)
    if (id) return id
  }
  return afterNamed(parts)
}

/** runc's systemd form `slice:prefix:ID` when it stands in a path of cgroupfs, as containerd 1.x wrote. */
function colonForm(part: string): string | undefined {
  return /^[^:]*\.slice:(?:cri-containerd|docker|crio|nerdctl):([0-9a-f]{64})$/.exec(part)?.[1]
}

/** containerd's own clients choose names: `/NAMESPACE/NAME` of `ctr run` cannot be told from other paths, LXC's can. */
function afterNamed(parts: readonly string[]): string {
  const [first = '', second = ''] = parts
  const lxc = /^lxc\.payload\.([A-Za-z0-9_.-]{1,64})$/.exec(first)?.[1]
  if (lxc) return lxc
  return first === 'lxc' && second !== '' ? second : ''
}

const uid = '[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}'
/** `kubepods-burstable-podUID.slice` (systemd driver, `_` for `-`), `podUID` (cgroupfs driver); static pods: 32 digits */
const podPart = new RegExp(`^(?:kube[a-z0-9-]*-)?pod(${uid}|[0-9a-f]{32})(?:\\.slice)?$`)

function podOf(parts: readonly string[]): string {
  const kube = parts.findIndex(part => /^(?:[a-z0-9-]+-)?kubepods(?:[.-]|$)/.test(part))
  if (kube < 0) return ''
  for (const part of parts.slice(kube)) {
    const found = podPart.exec(part)?.[1]
    if (found) return found.replaceAll('_', '-')
  }
  return ''
}
