// Users and groups by number, and who is in which group, for telling whom a file's bits let in.
import type { Failure, Outcome } from '../host/host.ts'
import type { HostFiles } from '../host/host-files.ts'
import { parseGroup } from '../parse/etc-group.ts'
import { parsePasswd } from '../parse/etc-passwd.ts'

export interface AccountNames {
  /** first name of a uid in /etc/passwd */
  readonly users: ReadonlyMap<number, string>
  readonly groups: ReadonlyMap<number, string>
  /** every gid that a uid has, primary and supplementary */
  readonly gidsOf: ReadonlyMap<number, ReadonlySet<number>>
}

const maxBytes = 8 * 1024 * 1024
/** A name should have one; programs that look a name up use the first. */
const maxUidsOfName = 8

/** @returns the first failure when one of the two files is there and cannot be read */
export async function readAccountNames(host: HostFiles): Promise<AccountNames | Failure> {
  const passwd = await host.readText('/etc/passwd', { maxBytes })
  const group = await host.readText('/etc/group', { maxBytes })
  for (const text of [passwd, group]) if (text.state !== 'present' && text.state !== 'absent') return text
  return accountNames(textOf(passwd), textOf(group))
}

const textOf = (outcome: Outcome<string>) => (outcome.state === 'present' ? outcome.value : '')

export function accountNames(passwd: string, group: string): AccountNames {
  const users = new Map<number, string>()
  const groups = new Map<number, string>()
  const gidsOf = new Map<number, Set<number>>()
  const uidsOf = new Map<string, number[]>()
  const join = (uid: number, gid: number) => gidsOf.set(uid, (gidsOf.get(uid) ?? new Set()).add(gid))
  for (const { name, uid, gid } of parsePasswd(passwd).entries) {
    if (!users.has(uid)) users.set(uid, name)
    const uids = uidsOf.get(name) ?? []
    if (uids.length < maxUidsOfName) uids.push(uid)
    uidsOf.set(name, uids)
    join(uid, gid)
  }
  for (const { name, gid, members } of parseGroup(group).entries) {
    if (!groups.has(gid)) groups.set(gid, name)
    for (const member of new Set(members)) for (const uid of uidsOf.get(member) ?? []) join(uid, gid)
  }
  return { users, groups, gidsOf }
}
