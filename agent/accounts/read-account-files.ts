// Reads passwd, group, shadow and login.defs and notes what of them is missing.
import type { Host, Outcome } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { type GroupFile, parseGroup } from '../parse/etc-group.ts'
import { type LegacyEntry, type PasswdFile, parsePasswd } from '../parse/etc-passwd.ts'
import { parseShadow, type ShadowFile } from '../parse/etc-shadow.ts'
import { type LoginDefs, parseLoginDefs } from '../parse/login-defs.ts'
import type { Gaps } from '../probe.ts'

export interface AccountFiles {
  readonly passwd: PasswdFile
  readonly group: GroupFile
  /** undefined when it exists but cannot be read; empty when there is none */
  readonly shadow: ShadowFile | undefined
  /** undefined when it exists but cannot be read; all unset when there is none */
  readonly loginDefs: LoginDefs | undefined
  readonly legacy: readonly { readonly path: string; readonly entry: string }[]
}

/** A site with fifty thousand local users has 4 MiB of them. */
const maxBytes = 4 * 1024 * 1024
/** The second is where distributions that keep /etc empty put their own (openSUSE). */
const loginDefsPaths = ['/etc/login.defs', '/usr/etc/login.defs'] as const

/** @param passwd text of /etc/passwd, which has to be there for an account to exist */
export async function readAccountFiles(host: Host, gaps: Gaps, passwd: string): Promise<AccountFiles> {
  const users = parsePasswd(passwd)
  noteMalformedLines(gaps, 'users', 'incomplete', '/etc/passwd', users.malformed)
  noteMalformedLines(gaps, 'privilegedMembers', 'incomplete', '/etc/passwd', users.malformed)
  const group = await readGroup(host, gaps)
  const shadow = await readShadow(host, gaps)
  return {
    passwd: users,
    group,
    shadow,
    loginDefs: await readLoginDefs(host, gaps),
    legacy: [
      ...legacyRows('/etc/passwd', users.legacy),
      ...legacyRows('/etc/group', group.legacy),
      ...legacyRows('/etc/shadow', shadow?.legacy ?? []),
    ],
  }
}

export async function readPasswdText(host: Host): Promise<Outcome<string>> {
  return await host.readText('/etc/passwd', { maxBytes })
}

async function readGroup(host: Host, gaps: Gaps): Promise<GroupFile> {
  const text = await host.readText('/etc/group', { maxBytes })
  if (text.state !== 'present') {
    for (const field of ['groups', 'privilegedMembers', 'legacyEntries']) gaps.note(field, 'incomplete', text)
    return { entries: [], legacy: [], malformed: [] }
  }
  const group = parseGroup(text.value)
  for (const field of ['groups', 'privilegedMembers']) {
    noteMalformedLines(gaps, field, 'incomplete', '/etc/group', group.malformed)
  }
  return group
}

async function readShadow(host: Host, gaps: Gaps): Promise<ShadowFile | undefined> {
  const text = await host.readText('/etc/shadow', { maxBytes })
  if (text.state === 'absent') return { entries: [], legacy: [], malformed: [] }
  if (text.state !== 'present') {
    gaps.note('users.password', 'omitted', text)
    gaps.note('legacyEntries', 'incomplete', text)
    return undefined
  }
  const shadow = parseShadow(text.value)
  noteMalformedLines(gaps, 'users.password', 'omitted', '/etc/shadow', shadow.malformed)
  return shadow
}

async function readLoginDefs(host: Host, gaps: Gaps): Promise<LoginDefs | undefined> {
  for (const path of loginDefsPaths) {
    const text = await host.readText(path)
    if (text.state === 'absent') continue
    if (text.state !== 'present') {
      gaps.note('loginDefs', 'omitted', text)
      return undefined
    }
    const defs = parseLoginDefs(text.value)
    noteMalformedLines(gaps, 'loginDefs', 'incomplete', path, defs.malformed)
    return defs
  }
  return parseLoginDefs('')
}

function legacyRows(path: string, entries: readonly LegacyEntry[]): AccountFiles['legacy'] {
  return [...new Set(entries.map(({ entry }) => entry))].map(entry => ({ path, entry }))
}
