// Keeps the rows of a flood of accounts within what one facet may hold, those that matter most first.
import type { GroupEntry } from '../parse/etc-group.ts'
import type { Gaps } from '../probe.ts'
import { isPrivilegedGroup } from './group-rows.ts'
import type { AccountFiles } from './read-account-files.ts'
import { accountRank } from './user-rows.ts'

/** With these a facet has some five megabytes; a host with more local users than that is none that we know of. */
const maxUsers = 10_000
const maxGroups = 10_000
/** Names in all groups together. */
const maxMembers = 100_000
const maxLegacy = 1_000

/** The same files with fewer entries; what was left out is a gap. Root and those who can log in are kept first. */
export function boundedAccounts(files: AccountFiles, gaps: Gaps): AccountFiles {
  const note = (fields: readonly string[], source: string, limit: string) => {
    const detail = `over the limit of ${limit}`
    for (const field of fields) gaps.add({ field, effect: 'incomplete', source, state: 'tooLarge', detail })
  }
  const users = first(files.passwd.entries, maxUsers, entry => accountRank(entry))
  if (users !== files.passwd.entries) note(['users', 'groups', 'privilegedMembers'], '/etc/passwd', `${maxUsers} users`)
  const groups = first(files.group.entries, maxGroups, ({ name }) => (isPrivilegedGroup(name) ? 0 : 1))
  if (groups !== files.group.entries) note(['groups', 'privilegedMembers'], '/etc/group', `${maxGroups} groups`)
  const named = withMembers(groups)
  if (named !== groups) note(['groups', 'privilegedMembers'], '/etc/group', `${maxMembers} members of groups`)
  const legacy = first(files.legacy, maxLegacy, () => 0)
  if (legacy !== files.legacy) note(['legacyEntries'], '/etc/passwd', `${maxLegacy} entries`)
  return {
    ...files,
    passwd: { ...files.passwd, entries: users },
    group: { ...files.group, entries: named },
    legacy,
  }
}

/** The same list when it is short enough. */
function first<T>(items: readonly T[], limit: number, rank: (item: T) => number): readonly T[] {
  return items.length <= limit ? items : items.toSorted((a, b) => rank(a) - rank(b)).slice(0, limit)
}

function withMembers(groups: readonly GroupEntry[]): readonly GroupEntry[] {
  const count = groups.reduce((sum, { members }) => sum + members.length, 0)
  if (count <= maxMembers) return groups
  let left = maxMembers
  return groups.map(group => {
    const members = group.members.slice(0, left)
    left -= members.length
    return { ...group, members }
  })
}
