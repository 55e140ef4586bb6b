// Probe `accounts`: users, groups, password states, keys by type, and who may become root.
import { AccountsFacet, type AccountsFacts } from '../../proto/facets/accounts.ts'
import { boundedAccounts } from '../accounts/bounded-accounts.ts'
import { groupRows, maxPrimary, privilegedMembers } from '../accounts/group-rows.ts'
import { readHomeDirectories } from '../accounts/home-directories.ts'
import { readPamFacts } from '../accounts/pam-facts.ts'
import { readAccountFiles, readPasswdText } from '../accounts/read-account-files.ts'
import { readLastLogins, readSessions } from '../accounts/read-logins.ts'
import { pamDirectories } from '../accounts/read-pam.ts'
import { readSudoers, type SudoersFiles } from '../accounts/read-sudoers.ts'
import { homesByImportance, userRows } from '../accounts/user-rows.ts'
import type { LoginDefs } from '../parse/login-defs.ts'
import { readSudoPolicy, type SudoPolicy } from '../parse/sudo-policy.ts'
import { absent, defineProbe, type Gaps, present, unreadable, watch } from '../probe.ts'

export const accounts = defineProbe({
  facet: AccountsFacet,
  triggers: [
    watch(
      ...['/etc/passwd', '/etc/group', '/etc/shadow', '/etc/gshadow', '/etc/sudoers', '/etc/sudoers.d'],
      ...['/etc/login.defs', '/etc/pam.conf', '/etc/security', '/etc/security/pwquality.conf.d'],
      ...['/etc/security/limits.d', '/etc/security/access.d'],
      ...pamDirectories,
    ),
  ],
  async run(host, context) {
    const { gaps } = context
    const passwd = await readPasswdText(host)
    if (passwd.state === 'absent') return absent('notThisKindOfHost', '/etc/passwd does not exist')
    if (passwd.state !== 'present') return unreadable(passwd.state, `/etc/passwd: ${passwd.detail}`)
    const files = boundedAccounts(await readAccountFiles(host, gaps, passwd.value), gaps)
    const { entries } = files.passwd
    const homes = await readHomeDirectories(host, gaps, homesByImportance(entries))
    const sudoers = await readSudoers(host, gaps)
    const policy = readSudoPolicy(sudoers.sources)
    const { rows: groups, lacksPrimary } = groupRows(files.group.entries, entries)
    if (lacksPrimary) noteSharedGids(gaps)
    return present(
      {
        users: userRows(files, homes),
        groups: [...groups],
        privilegedMembers: privilegedMembers(groups, entries, policy.rootGroups),
        legacyEntries: [...files.legacy],
        ...sudoFacts(sudoers, policy, gaps),
        ...(files.loginDefs && { loginDefs: loginDefsFacts(files.loginDefs) }),
        ...(await readPamFacts(host, gaps)),
      },
      {
        sessions: await readSessions(host, gaps, await context.processes()),
        lastLogins: await readLastLogins(host, gaps, entries),
      },
    )
  },
})

function noteSharedGids(gaps: Gaps): void {
  const detail = `over the limit of ${maxPrimary} members of groups`
  for (const field of ['groups', 'privilegedMembers']) {
    gaps.add({ field, effect: 'incomplete', source: '/etc/group', state: 'tooLarge', detail })
  }
}

function sudoFacts(files: SudoersFiles, policy: SudoPolicy, gaps: Gaps): Pick<AccountsFacts, 'sudo' | 'sudoRules'> {
  if (policy.truncated) {
    const detail = 'over the limit of rules'
    gaps.add({ field: 'sudoRules', effect: 'incomplete', source: '/etc/sudoers', state: 'tooLarge', detail })
  }
  const sudoRules = policy.rows.map(({ hosts, commands, ...row }) => ({
    ...row,
    hosts: [...hosts],
    commands: [...commands],
  }))
  const sudo = { installed: files.installed, ...policy.settings }
  return files.complete ? { sudo, sudoRules } : { sudoRules }
}

function loginDefsFacts({ malformed, ...settings }: LoginDefs): AccountsFacts['loginDefs'] {
  return settings
}
