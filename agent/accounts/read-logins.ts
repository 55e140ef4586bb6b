// Reads who is logged in and who was when: utmp or systemd-logind, and lastlog.
import type { AccountsObservations } from '../../proto/facets/accounts.ts'
import type { Host } from '../host/host.ts'
import type { ProcessTable } from '../host/processes.ts'
import type { PasswdEntry } from '../parse/etc-passwd.ts'
import { parseLastlog } from '../parse/lastlog.ts'
import { type LogindSession, parseLogindSession } from '../parse/logind-session.ts'
import { parseUtmp } from '../parse/utmp.ts'
import type { Gaps } from '../probe.ts'

const utmpPath = '/run/utmp'
const logindPath = '/run/systemd/sessions'
const maxSessions = 1000
const lastlogPath = '/var/log/lastlog'
/** What pam_lastlog2 keeps instead, a database of SQLite. */
const lastlog2Path = '/var/lib/lastlog/lastlog2.db'
/**
 * lastlog has a record at uid × 292 and is mostly holes, but reading turns holes into memory. 20 MiB reach beyond uid
 * 65,535; where one of a directory service (uid 1,500,000,000, say) has logged in, the file is not read.
 */
const maxLastlogBytes = 20 * 1024 * 1024

/** A record without its process is one that nobody cleaned up, and no session. */
export async function readSessions(
  host: Host,
  gaps: Gaps,
  processes: ProcessTable,
): Promise<AccountsObservations['sessions']> {
  if (!host.live) return []
  const bytes = await host.readBytes(utmpPath)
  // Systems that count time in 64 bits have no utmp any more.
  if (bytes.state === 'absent') return await readLogindSessions(host, gaps, processes)
  if (bytes.state !== 'present') {
    gaps.note('sessions', 'incomplete', bytes)
    return []
  }
  const { sessions, wellFormed } = parseUtmp(bytes.value)
  if (!wellFormed) noteLayout(gaps, 'sessions', utmpPath)
  const rows = new Map<string, AccountsObservations['sessions'][number]>()
  for (const { user, pid, line, from, since } of sessions) {
    if (processes.unreadable.count === 0 && !processes.byPid.has(pid)) continue
    rows.set(`${since} ${line} ${user}`, { user, line, from, since: isoTime(since) })
  }
  return [...rows.values()]
}

async function readLogindSessions(
  host: Host,
  gaps: Gaps,
  processes: ProcessTable,
): Promise<AccountsObservations['sessions']> {
  const entries = await host.list(logindPath)
  if (entries.state !== 'present') {
    gaps.note('sessions', 'incomplete', entries)
    return []
  }
  const names = entries.value.filter(({ name, kind }) => kind === 'file' && /^[a-z]?\d{1,9}$/.test(name))
  if (names.length > maxSessions) {
    const detail = `over the limit of ${maxSessions} sessions`
    gaps.note('sessions', 'incomplete', { state: 'tooLarge', path: logindPath, detail })
  }
  const paths = names.slice(0, maxSessions).map(({ name }) => `${logindPath}/${name}`)
  const rows = new Map<string, AccountsObservations['sessions'][number]>()
  for (const text of await host.readTexts(paths, { maxBytes: 16 * 1024 })) {
    if (text.state !== 'present') gaps.note('sessions', 'incomplete', text)
    const session = text.state === 'present' ? parseLogindSession(text.value) : undefined
    if (!session || !isLed(session, processes)) continue
    const { user, line, from, since } = session
    rows.set(`${since} ${line} ${user}`, { user, line, from, since: isoTime(since) })
  }
  return [...rows.values()]
}

const isLed = ({ leader }: LogindSession, { unreadable, byPid }: ProcessTable) =>
  leader === 0 || unreadable.count > 0 || byPid.has(leader)

/** Several names of one uid have the same last login, as in lastlog(8). */
export async function readLastLogins(
  host: Host,
  gaps: Gaps,
  users: readonly PasswdEntry[],
): Promise<AccountsObservations['lastLogins']> {
  const bytes = await host.readBytes(lastlogPath, { maxBytes: maxLastlogBytes })
  if (bytes.state !== 'present') {
    gaps.note('lastLogins', 'incomplete', bytes)
    if (bytes.state === 'absent') await noteOtherLastlog(host, gaps)
    return []
  }
  const { logins, wellFormed } = parseLastlog(
    bytes.value,
    users.map(({ uid }) => uid),
  )
  if (!wellFormed) noteLayout(gaps, 'lastLogins', lastlogPath)
  const byUid = new Map(logins.map(login => [login.uid, login]))
  const rows = new Map<string, AccountsObservations['lastLogins'][number]>()
  for (const { name, uid } of users) {
    const login = byUid.get(uid)
    if (login && !rows.has(name)) {
      rows.set(name, { user: name, at: isoTime(login.at), line: login.line, from: login.from })
    }
  }
  return [...rows.values()]
}

/** Who logged in last may be kept elsewhere: nobody has then logged in for all that we know. */
async function noteOtherLastlog(host: Host, gaps: Gaps): Promise<void> {
  const other = await host.stat(lastlog2Path)
  if (other.state === 'absent') return
  const detail = 'a database of lastlog2 is not read'
  gaps.add({ field: 'lastLogins', effect: 'incomplete', source: lastlog2Path, state: 'unavailable', detail })
}

/** `2026-11-21T23:35:31Z` */
const isoTime = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')

function noteLayout(gaps: Gaps, field: string, source: string): void {
  gaps.add({ field, effect: 'incomplete', source, state: 'malformed', detail: 'records of no known layout' })
}
