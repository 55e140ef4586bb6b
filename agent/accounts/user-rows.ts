// Joins passwd, shadow and home directories to the users of the facet.
import type { Password, User } from '../../proto/facets/accounts.ts'
import type { PasswdEntry } from '../parse/etc-passwd.ts'
import type { ShadowEntry } from '../parse/etc-shadow.ts'
import type { HomeDirectory } from './home-directories.ts'
import type { AccountFiles } from './read-account-files.ts'
import { isInteractiveShell } from './shells.ts'

/** nobody, and nfsnobody of old: an id of the system, whatever UID_MIN says. */
const overflowUid = 65_534
/** passwd(5) of every distribution of today; login.defs may say another. */
const usualUidMin = 1_000

/** One row per name, uid, gid, home and shell; lines that repeat one are counted. */
export function userRows(files: AccountFiles, homes: ReadonlyMap<string, HomeDirectory>): User[] {
  const { entries } = files.passwd
  const uidMin = files.loginDefs?.uidMin ?? usualUidMin
  const count = countBy(entries, ({ name, uid }) => `${uid}:${name}`)
  const shadow = firstByName(files.shadow?.entries ?? [])
  const rows = new Map<string, User>()
  for (const entry of entries) {
    const { name, uid, gid, home, shell } = entry
    const key = JSON.stringify([name, uid, gid, home, shell])
    if (rows.has(key)) continue
    const password = passwordOf(entry, files, shadow.get(name))
    rows.set(key, {
      name,
      uid,
      gid,
      entries: count.get(`${uid}:${name}`) ?? 1,
      home,
      shell,
      system: (uid < uidMin && uid !== 0) || uid === overflowUid,
      interactive: isInteractiveShell(shell),
      ...(password && { password }),
      ...homes.get(home),
    })
  }
  return [...rows.values()]
}

/** Root before those who can log in, before the others. */
export function accountRank({ uid, shell }: PasswdEntry): number {
  return uid === 0 ? 0 : isInteractiveShell(shell) ? 1 : 2
}

/** Homes of those who can log in first, then of the others: an account without a shell may still use keys. */
export function homesByImportance(entries: readonly PasswdEntry[]): readonly string[] {
  return entries.toSorted((a, b) => accountRank(a) - accountRank(b)).map(({ home }) => home)
}

const noDays = {
  changedOn: '',
  minDays: -1,
  maxDays: -1,
  warnDays: -1,
  inactiveDays: -1,
  accountExpiresOn: '',
} as const

/**
 * A password beside the name in passwd goes before shadow, as for pam_unix. Undefined when shadow would say it and
 * cannot: it is unreadable, or it has no line for the user and lines that nobody understands.
 */
function passwordOf(entry: PasswdEntry, files: AccountFiles, shadow: ShadowEntry | undefined): Password | undefined {
  if (entry.password) return { ...entry.password, ...noDays }
  if (!files.shadow) return undefined
  if (shadow) {
    const { password, changedOn, minDays, maxDays, warnDays, inactiveDays, accountExpiresOn } = shadow
    return { ...password, changedOn, minDays, maxDays, warnDays, inactiveDays, accountExpiresOn }
  }
  return files.shadow.malformed.length > 0 ? undefined : { state: 'none', hash: '', ...noDays }
}

function firstByName<T extends { readonly name: string }>(entries: readonly T[]): ReadonlyMap<string, T> {
  const first = new Map<string, T>()
  for (const entry of entries) if (!first.has(entry.name)) first.set(entry.name, entry)
  return first
}

export function countBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}
