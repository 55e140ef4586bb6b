// Holds accounts against what getent, passwd, id, sudo and who printed.
import type { AccountsFacts, AccountsObservations, Password } from '../../proto/facets/accounts.ts'
import { type Comparison, linesOf, type Recording, rowsOf, sorted } from './recording.ts'

export function compareAccounts(recording: Recording): readonly Comparison[] {
  return [
    ...compareUsers(recording),
    ...comparePasswords(recording),
    ...compareGroups(recording),
    ...compareSudo(recording),
    ...compareSessions(recording),
  ]
}

/** Lines of NIS, which getent prints as if they were users: the facet has them apart, without a password of theirs. */
const isLegacy = (line: string) => /^[+-]/.test(line)

function compareUsers(recording: Recording): readonly Comparison[] {
  const { users, groups } = recording.facts<AccountsFacts>('accounts')
  const rows = linesOf(recording.output('getent'))
    .filter(line => !isLegacy(line))
    .map(line => line.split(':'))
  return [
    {
      title: 'users are those of getent passwd',
      found: sorted(users.map(({ name, uid, gid, home, shell }) => [name, uid, gid, home, shell].join(':'))),
      printed: sorted(
        rows
          .filter(row => row.length === 7)
          .map(([name, , uid, gid, , home, shell]) => [name, uid, gid, home, shell].join(':')),
      ),
    },
    {
      title: 'groups are those of getent group',
      found: sorted(groups.map(({ name, gid, members }) => `${name}:${gid}:${members.join()}`)),
      printed: sorted(
        rows
          .filter(row => row.length === 4)
          .map(([name, , gid, members = '']) => `${name}:${gid}:${sorted(members.split(',')).join()}`),
      ),
    },
  ]
}

const letters: Readonly<Record<Password['state'], string>> = {
  hash: 'P',
  empty: 'NP',
  locked: 'L',
  disabled: 'L',
  none: '?',
}

function comparePasswords(recording: Recording): readonly Comparison[] {
  const { users } = recording.facts<AccountsFacts>('accounts')
  const rows = linesOf(recording.output('users-passwd-S'))
    .filter(line => !isLegacy(line))
    .map(line => line.split(' '))
  const days = ({ minDays, maxDays, warnDays, inactiveDays }: Password) => [minDays, maxDays, warnDays, inactiveDays]
  const comparisons: Comparison[] = [
    {
      title: 'password states and days are those of passwd -S',
      found: sorted(
        users
          .filter(({ password }) => password && password.state !== 'none')
          .map(({ name, password }) =>
            password ? [name, letters[password.state], password.changedOn, ...days(password)].join(' ') : name,
          ),
      ),
      printed: sorted(rows.map(row => row.join(' '))),
    },
  ]
  if (recording.has('getent-shadow')) comparisons.push(compareShadow(recording))
  return comparisons
}

/** What a field of shadow begins with, by the name that the facet has for it. */
const hashPrefixes: Readonly<Record<string, string>> = { yescrypt: '$y$', sha512: '$6$', sha256: '$5$', md5: '$1$' }

function compareShadow(recording: Recording): Comparison {
  const { users } = recording.facts<AccountsFacts>('accounts')
  const methodOf = (field: string) => {
    const text = field.replace(/^!+/, '')
    const known = Object.entries(hashPrefixes).find(([, prefix]) => text.startsWith(prefix))?.[0]
    return known ?? (/^[A-Za-z0-9./]{13}$/.test(text) ? 'des' : '')
  }
  const dayOf = (days: string) => (days === '' ? '' : new Date(Number(days) * 86_400_000).toISOString().slice(0, 10))
  return {
    title: 'methods of hashes and days of expiry are those of getent shadow',
    found: sorted(
      users
        .filter(({ password }) => password && password.state !== 'none')
        .map(({ name, password }) => `${name} ${password?.hash} ${password?.accountExpiresOn}`),
    ),
    printed: sorted(
      linesOf(recording.output('getent-shadow'))
        .map(line => line.split(':'))
        .map(([name = '', field = '', , , , , , expires = '']) => `${name} ${methodOf(field)} ${dayOf(expires)}`),
    ),
  }
}

/** `uid=0(root) gid=0(root) groups=0(root)`: of names that share a uid `id` may print the groups of the first. */
function compareGroups(recording: Recording): readonly Comparison[] {
  const { users, groups } = recording.facts<AccountsFacts>('accounts')
  const shared = new Set(users.filter(one => users.some(other => other !== one && other.uid === one.uid)))
  const alone = new Set(users.filter(user => !shared.has(user)).map(({ name }) => name))
  const rows = [...recording.output('id').matchAll(/^uid=\d+\(([^)]*)\) gid=(\d+)\S* groups=(.*)$/gm)]
  return [
    {
      title: 'groups of users are those of id',
      found: sorted(
        users
          .filter(({ name }) => rows.some(([, shown]) => shown === name) && alone.has(name))
          .map(({ name, gid }) => {
            const mine = groups.filter(one => one.members.includes(name) || one.primaryMembers.includes(name))
            return `${name} ${gid} ${sorted(mine.map(group => group.name)).join()}`
          }),
      ),
      printed: sorted(
        rows
          .filter(([, name = '']) => alone.has(name))
          .map(([, name, gid, list = '']) => {
            const names = [...list.matchAll(/\(([^)]*)\)/g)].map(([, group = '']) => group)
            return `${name} ${gid} ${sorted(names).join()}`
          }),
      ),
    },
  ]
}

/** Rules of a user in the words of `sudo -l -U`: `(ALL : ALL) NOPASSWD: ALL`. */
function compareSudo(recording: Recording): readonly Comparison[] {
  const { users, groups, sudoRules } = recording.facts<AccountsFacts>('accounts')
  const sections = recording.output('sudo-l').split(/^== /m).slice(1)
  const belongs = (user: string, who: string) => {
    const gid = users.find(({ name }) => name === user)?.gid
    return (
      who === user ||
      groups.some(group => who === `%${group.name}` && (group.members.includes(user) || group.gid === gid))
    )
  }
  const granted = (user: string) =>
    sudoRules
      .filter(({ who }) => belongs(user, who))
      .map(({ runAs, nopasswd, commands }) => {
        const tag = nopasswd ? 'NOPASSWD: ' : ''
        return `${user} (${runAs.replace(':', ' : ')}) ${tag}${sorted(commands).join(', ')}`
      })
  const said = (section: string) => {
    const user = section.split('\n', 1)[0] ?? ''
    const rules = [...section.matchAll(/^ {4}(\(.*?\) (?:NOPASSWD: )?)(.*)$/gm)]
    return rules.map(([, head, commands = '']) => `${user} ${head}${sorted(commands.split(', ')).join(', ')}`)
  }
  return [
    {
      title: 'who may do what is what sudo -l says',
      found: sorted(sections.flatMap(section => granted(section.split('\n', 1)[0] ?? ''))),
      printed: sorted(sections.flatMap(said)),
    },
  ]
}

function compareSessions(recording: Recording): readonly Comparison[] {
  const { sessions } = recording.observations<AccountsObservations>('accounts')
  return [
    {
      title: 'sessions are those of who',
      found: sorted(sessions.map(({ user, line }) => `${user} ${line}`)),
      printed: sorted(rowsOf(recording.output('who')).map(([user, line]) => `${user} ${line}`)),
    },
  ]
}
