// Joins group and passwd to groups with all their members, and says who of them is close to root.
import type { AccountsFacts } from '../../proto/facets/accounts.ts'
import type { GroupEntry } from '../parse/etc-group.ts'
import type { PasswdEntry } from '../parse/etc-passwd.ts'
import { countBy } from './user-rows.ts'

export type GroupRow = AccountsFacts['groups'][number]
export type PrivilegedRow = AccountsFacts['privilegedMembers'][number]

/**
 * Groups that lead to root or to other people's data, with whether the group alone is enough. A sudo rule that lets a
 * group run everything as root makes that group one of them, whatever its name.
 */
const privilegedGroups: ReadonlyMap<string, boolean> = new Map([
  // a container that mounts the host's root directory, as root
  ['docker', true],
  ['containerd', true],
  ['lxd', true],
  ['incus-admin', true],
  // pods that mount the host's root directory
  ['microk8s', true],
  ['snap_microk8s', true],
  // the file system below its permissions, byte by byte
  ['disk', true],
  // virtual machines of the system instance may have any file or disk of the host
  ['libvirt', true],
  ['libvirtd', true],
  // restricted to projects of their own unless an administrator says otherwise
  ['incus', false],
  // only what sudoers and pam_wheel make of them
  ['sudo', false],
  ['wheel', false],
  ['admin', false],
  // hashes to guess at, kernel memory where the kernel still lets, files of group root
  ['shadow', false],
  ['kmem', false],
  ['root', false],
  // hypervisor calls and no more
  ['kvm', false],
])

/** Names of primary members in all groups together: groups that share a gid repeat them. */
export const maxPrimary = 200_000

export const isPrivilegedGroup = (name: string) => privilegedGroups.has(name)

/** One row per name and gid; lines that repeat one are counted and their members put together. */
export function groupRows(
  groups: readonly GroupEntry[],
  users: readonly PasswdEntry[],
): { readonly rows: readonly GroupRow[]; readonly lacksPrimary: boolean } {
  const count = countBy(groups, ({ name, gid }) => `${gid}:${name}`)
  const primary = Map.groupBy(users, ({ gid }) => gid)
  let left = maxPrimary
  let lacksPrimary = false
  const rows = new Map<string, GroupRow>()
  for (const { name, gid, members } of groups) {
    const key = `${gid}:${name}`
    const row = rows.get(key)
    if (row) for (const member of members) row.members.push(member)
    else {
      const named = (primary.get(gid) ?? []).map(({ name }) => name)
      const primaryMembers = named.slice(0, left)
      left -= primaryMembers.length
      lacksPrimary ||= primaryMembers.length < named.length
      rows.set(key, {
        name,
        gid,
        entries: count.get(key) ?? 1,
        members: [...members],
        primaryMembers,
      })
    }
  }
  return { rows: [...rows.values()], lacksPrimary }
}

/**
 * @param sudoGroups groups that sudo lets run everything as root, as `name` or `#gid`
 * @returns members without those of uid 0, who have arrived already
 */
export function privilegedMembers(
  groups: readonly GroupRow[],
  users: readonly PasswdEntry[],
  sudoGroups: ReadonlySet<string>,
): PrivilegedRow[] {
  const superusers = new Set(users.filter(({ uid }) => uid === 0).map(({ name }) => name))
  const rows = new Map<string, PrivilegedRow>()
  for (const { name: group, gid, members, primaryMembers } of groups) {
    const known = privilegedGroups.get(group)
    const bySudo = sudoGroups.has(group) || sudoGroups.has(`#${gid}`)
    if (known === undefined && !bySudo) continue
    for (const [via, names] of [
      ['supplementary', members],
      ['primary', primaryMembers],
    ] as const) {
      for (const user of names) {
        if (superusers.has(user)) continue
        const rootEquivalent =
          known === true || bySudo || (rows.get(`${via}:${group}:${user}`)?.rootEquivalent ?? false)
        rows.set(`${via}:${group}:${user}`, { group, user, via, rootEquivalent })
      }
    }
  }
  return [...rows.values()]
}
