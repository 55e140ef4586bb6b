// Reads what one process may do: its user, capabilities, filters, labels, namespaces and mounts.
import type { Workload } from '../../proto/facets/containers.ts'
import type { Failure, Host, Outcome } from '../host/host.ts'
import { parseLabel } from '../parse/apparmor-profiles-list.ts'
import { capabilityNames, isAllCapabilities } from '../parse/capabilities.ts'
import { findHostMounts } from '../parse/host-mounts.ts'
import { type Mount, parseMountinfo } from '../parse/mountinfo.ts'
import { parseProcessRights } from '../parse/proc-pid-status.ts'
import { insideId } from '../parse/uid-map.ts'

export type Confinement = Pick<
  Workload,
  | 'uid'
  | 'gid'
  | 'effective'
  | 'bounding'
  | 'ambient'
  | 'allCapabilities'
  | 'noNewPrivs'
  | 'seccomp'
  | 'apparmor'
  | 'apparmorMode'
  | 'selinux'
>
export type Isolation = Pick<
  Workload,
  'rootInside' | 'userNamespace' | 'hostNamespaces' | 'readOnlyRoot' | 'hostMounts'
>

/** What process 1 and the kernel have, against which processes are compared. */
export interface HostView {
  readonly bounding: bigint | undefined
  readonly lastCapability: number | undefined
  /** target of each link below /proc/1/ns */
  readonly namespaces: ReadonlyMap<string, string>
  readonly mounts: readonly Mount[] | undefined
  readonly failures: readonly FieldFailure[]
}

/** A failure and the field below a row that it leaves out. */
export interface FieldFailure {
  readonly field: keyof Workload
  readonly failure: Failure
}

const kinds = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'] as const
const maxMountinfo = 4 * 1024 * 1024

export async function readHostView(host: Host): Promise<HostView> {
  const failures: FieldFailure[] = []
  const note = (field: keyof Workload, outcome: Outcome<unknown>) => {
    if (outcome.state !== 'present') failures.push({ field, failure: asGap(outcome) })
  }
  const last = await host.readText('/proc/sys/kernel/cap_last_cap')
  const status = await host.readText('/proc/1/status')
  const rights = status.state === 'present' ? parseProcessRights(status.value) : undefined
  note('allCapabilities', last)
  note('allCapabilities', status)
  const namespaces = new Map<string, string>()
  for (const kind of kinds) {
    const link = await host.readLink(`/proc/1/ns/${kind}`)
    if (link.state === 'present') namespaces.set(kind, link.value)
  }
  const link = await host.readLink('/proc/1/ns/mnt')
  for (const field of ['hostNamespaces', 'userNamespace', 'rootInside'] as const) note(field, link)
  const mounts = await host.readText('/proc/1/mountinfo', { maxBytes: maxMountinfo })
  note('hostMounts', mounts)
  const text = last.state === 'present' ? last.value.trim() : ''
  return {
    bounding: rights?.bounding,
    lastCapability: /^\d{1,2}$/.test(text) ? Number(text) : undefined,
    namespaces,
    mounts: mounts.state === 'present' ? parseMountinfo(mounts.value) : undefined,
    failures,
  }
}

/** What a kernel always has is a gap also when it seems not to be there. */
function asGap(failure: Failure): Failure {
  return failure.state === 'absent' ? { state: 'unavailable', path: failure.path, detail: failure.detail } : failure
}

export interface ReadRights {
  readonly confinement: Confinement
  readonly failures: readonly FieldFailure[]
}

/** Undefined for a process that has ended, a failure for one that cannot be looked at. */
export async function readConfinement(
  host: Host,
  pid: number,
  view: HostView,
): Promise<ReadRights | Failure | undefined> {
  const status = await host.readText(`/proc/${pid}/status`)
  if (status.state === 'absent') return undefined
  if (status.state !== 'present') return status
  const rights = parseProcessRights(status.value)
  if (!rights) return { state: 'unreadable', path: status.path, detail: 'not the text of procfs' }
  const { uid, gid, noNewPrivs, seccomp } = rights
  const labels = await readLabels(host, pid)
  const { bounding, lastCapability } = view
  const isKnown = bounding !== undefined && lastCapability !== undefined
  return {
    confinement: {
      ...{ uid, gid, noNewPrivs, seccomp },
      effective: [...capabilityNames(rights.effective)],
      bounding: [...capabilityNames(rights.bounding)],
      ambient: [...capabilityNames(rights.ambient)],
      ...(isKnown && { allCapabilities: isAllCapabilities(rights.effective, bounding, lastCapability) }),
      ...labels.found,
    },
    failures: labels.failures,
  }
}

type Labels = Pick<Confinement, 'apparmor' | 'apparmorMode' | 'selinux'>

/** The kernel answers EINVAL where no security module has labels. */
async function readLabels(
  host: Host,
  pid: number,
): Promise<{ readonly found: Labels; readonly failures: readonly FieldFailure[] }> {
  const own = await host.readText(`/proc/${pid}/attr/apparmor/current`)
  const shared = await host.readText(`/proc/${pid}/attr/current`)
  const text = own.state === 'present' ? own.value : shared.state === 'present' ? shared.value : ''
  const failed = [own, shared].find(one => one.state !== 'present' && one.state !== 'absent' && !isNoLabel(one))
  if (text === '' && failed && failed.state !== 'present') {
    const fields = ['apparmor', 'apparmorMode', 'selinux'] as const
    return { found: {}, failures: fields.map(field => ({ field, failure: failed })) }
  }
  const label = parseLabel(text)
  const context = shared.state === 'present' ? shared.value.replace(/[\0\n]+$/, '').split(':') : []
  const found = {
    apparmor: label?.name ?? '',
    apparmorMode: label?.mode ?? '',
    // The categories behind the type differ by container and by start.
    selinux: label === undefined && context.length >= 3 ? (context[2] ?? '') : '',
  }
  return { found, failures: [] }
}

const isNoLabel = (failure: Outcome<string>) => failure.state === 'unreadable' && failure.detail.startsWith('EINVAL')

export async function readIsolation(
  host: Host,
  pid: number,
  uid: number,
  view: HostView,
): Promise<{ readonly isolation: Isolation; readonly failures: readonly FieldFailure[] }> {
  const failures: FieldFailure[] = []
  const spaces = await readNamespaces(host, pid, view, failures)
  const inside = spaces?.userNamespace ? await readInsideId(host, pid, uid, failures) : uid
  const text = await host.readText(`/proc/${pid}/mountinfo`, { maxBytes: maxMountinfo })
  if (text.state !== 'present') {
    for (const field of ['readOnlyRoot', 'hostMounts'] as const) failures.push({ field, failure: asGap(text) })
  }
  const mounts = text.state === 'present' ? parseMountinfo(text.value) : undefined
  return {
    isolation: {
      ...spaces,
      ...(spaces && inside !== undefined && { rootInside: inside === 0 }),
      ...(mounts && { readOnlyRoot: isReadOnlyRoot(mounts) }),
      ...(mounts && view.mounts && { hostMounts: [...findHostMounts(mounts, view.mounts)] }),
    },
    failures,
  }
}

async function readNamespaces(
  host: Host,
  pid: number,
  view: HostView,
  failures: FieldFailure[],
): Promise<Required<Pick<Isolation, 'userNamespace' | 'hostNamespaces'>> | undefined> {
  if (!view.namespaces.has('mnt')) return undefined
  const shared: string[] = []
  for (const kind of kinds) {
    const own = await host.readLink(`/proc/${pid}/ns/${kind}`)
    if (own.state !== 'present') {
      if (!view.namespaces.has(kind)) continue
      for (const field of ['hostNamespaces', 'userNamespace', 'rootInside'] as const) {
        failures.push({ field, failure: asGap(own) })
      }
      return undefined
    }
    if (own.value === view.namespaces.get(kind)) shared.push(kind)
  }
  return { hostNamespaces: shared, userNamespace: view.namespaces.has('user') && !shared.includes('user') }
}

async function readInsideId(
  host: Host,
  pid: number,
  uid: number,
  failures: FieldFailure[],
): Promise<number | undefined> {
  const map = await host.readText(`/proc/${pid}/uid_map`)
  if (map.state === 'present') return insideId(map.value, uid) ?? -1
  failures.push({ field: 'rootInside', failure: asGap(map) })
  return undefined
}

/** The last mount on `/` is the one that is seen. */
function isReadOnlyRoot(mounts: readonly Mount[]): boolean {
  return mounts.findLast(({ mountPoint }) => mountPoint === '/')?.options.includes('ro') ?? false
}
