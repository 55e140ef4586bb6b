// Tests of the accounts probe, held against what the commands of a recorded machine said.
import t from 'tap'
import { accounts } from '../../../agent/probes/accounts.ts'
import type { AccountsObservations } from '../../../proto/facets/accounts.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { runProbe } from '../../run-probe.ts'
import { factsOf, userOf } from './accounts-facts.ts'

const lines = (text: string) => text.split('\n').filter(Boolean)

t.test('the recorded machine', async t => {
  const state = await runProbe(accounts, await openFixtureHost('debian12-vm'))
  const facts = factsOf(state)
  t.strictSame(facts.gaps, [])

  t.test('users and groups are those of getent', async t => {
    const rows = lines(fixtureCommand('debian12-vm', 'getent')).map(line => line.split(':'))
    const users = facts.users.map(({ name, uid, gid, home, shell }) => [name, uid, gid, home, shell].join(':'))
    const expected = rows
      .filter(row => row.length === 7)
      .map(([name, , uid, gid, , home, shell]) => [name, uid, gid, home, shell].join(':'))
    t.strictSame(users.sort(), expected.sort())
    const groups = facts.groups.map(({ name, gid, members }) => `${name}:${gid}:${members.join()}`)
    t.strictSame(
      groups.sort(),
      rows
        .filter(row => row.length === 4)
        .map(([name, , gid, members]) => `${name}:${gid}:${members}`)
        .sort(),
    )
    t.equal(facts.users.length, 29)
  })

  t.test('password states and days are those of passwd -S', async t => {
    for (const line of lines(fixtureCommand('debian12-vm', 'users-passwd-S'))) {
      const [name = '', letter, changed, min, max, warn, inactive] = line.split(' ')
      const password = userOf(facts, name)?.password
      const letters = { hash: 'P', empty: 'NP', locked: 'L', disabled: 'L', none: '?' }
      t.strictSame(
        password && [
          letters[password.state],
          password.changedOn,
          password.minDays,
          password.maxDays,
          password.warnDays,
          password.inactiveDays,
        ],
        [letter, changed, Number(min), Number(max), Number(warn), Number(inactive)],
        name,
      )
    }
    t.strictSame(
      ['alice', 'bob', 'carol', 'dave', 'svc-backup', 'root', 'systemd-network'].map(name => {
        const password = userOf(facts, name)?.password
        return `${name} ${password?.state} ${password?.hash}`
      }),
      [
        'alice hash yescrypt',
        'bob hash md5',
        'carol locked yescrypt',
        'dave empty ',
        'svc-backup locked ',
        'root disabled ',
        'systemd-network locked ',
      ],
    )
  })

  t.test('expiry of accounts is that of chage', async t => {
    const chage = fixtureCommand('debian12-vm', 'chage').split('== ').slice(1)
    t.equal(chage.length, 7)
    for (const section of chage) {
      const name = section.split('\n', 1)[0] ?? ''
      const expires = /Account expires\s*: (.*)/.exec(section)?.[1] ?? ''
      const expected = expires === 'never' ? '' : new Date(`${expires} UTC`).toISOString().slice(0, 10)
      t.equal(userOf(facts, name)?.password?.accountExpiresOn, expected, name)
    }
  })

  t.test('groups of users are those of id', async t => {
    const rows = [...fixtureCommand('debian12-vm', 'id').matchAll(/uid=(\d+)\(([^)]*)\) gid=(\d+).*groups=(.*)/g)]
    t.equal(rows.length, 8)
    for (const [, uid, shown = '', gid, groups = ''] of rows) {
      const user = userOf(facts, shown)
      t.strictSame([String(user?.uid), String(user?.gid)], [uid, gid], shown)
      const mine = facts.groups.filter(group => group.members.includes(shown) || group.primaryMembers.includes(shown))
      t.strictSame(
        mine.map(group => group.name).sort(),
        [...groups.matchAll(/\(([^)]*)\)/g)].map(match => match[1]).sort(),
        shown,
      )
    }
  })

  t.test('sessions are those of who, last logins those of lastlog', async t => {
    t.equal(state.state, 'present')
    const { sessions, lastLogins } = (state.state === 'present'
      ? state.observations
      : {}) as unknown as AccountsObservations
    t.strictSame(
      sessions.map(
        ({ user, line, since, from }) => `${user} ${line} ${since.slice(0, 16).replace('T', ' ')} (${from})`,
      ),
      lines(fixtureCommand('debian12-vm', 'who')).map(line => line.replace(/ +/g, ' ')),
    )
    const logged = lines(fixtureCommand('debian12-vm', 'lastlog'))
      .slice(1)
      .filter(line => !line.includes('**Never'))
    t.strictSame(
      lastLogins.map(({ user, line, from, at }) => [user, line, from, Date.parse(at)]),
      logged.map(line => {
        const [user, terminal, from, ...time] = line
          .trim()
          .split(/ {2,}| (?=\S+$)/)
          .join(' ')
          .split(/ +/)
        return [user, terminal, from, Date.parse(time.join(' '))]
      }),
    )
    t.equal(lastLogins.length, 1)
  })

  t.test('who may do what is what sudo -l says', async t => {
    const sections = Object.fromEntries(
      fixtureCommand('debian12-vm', 'sudo-l')
        .split('== ')
        .slice(1)
        .map(text => [text.split('\n', 1)[0], text]),
    )
    const granted = (user: string) =>
      facts.sudoRules
        .filter(
          ({ who }) =>
            who === user || facts.groups.some(({ name, members }) => who === `%${name}` && members.includes(user)),
        )
        .map(
          ({ runAs, nopasswd, commands }) =>
            `(${runAs.replace(':', ' : ')}) ${nopasswd ? 'NOPASSWD: ' : ''}${commands.join(', ')}`,
        )
    for (const user of ['alice', 'bob', 'dave']) {
      const said = lines(sections[user] ?? '')
        .filter(line => /^ {4}\(/.test(line))
        .map(line => line.trim())
      t.strictSame(granted(user), said, user)
    }
    t.match(sections['alice'], /use_pty/)
    t.strictSame(facts.sudo, { installed: true, usePty: true, logfile: '', timestampMinutes: 15, authenticate: true })
  })

  t.test('members near root are named, with the groups that only sudo makes so', async t => {
    t.strictSame(
      facts.privilegedMembers.map(
        ({ group, user, via, rootEquivalent }) => `${group} ${user} ${via} ${rootEquivalent}`,
      ),
      ['developers bob supplementary true', 'docker bob supplementary true', 'sudo alice supplementary true'],
    )
    t.strictSame(
      facts.users.filter(({ uid }) => uid === 0).map(({ name, interactive, system }) => [name, interactive, system]),
      [
        ['root', true, false],
        ['toor', true, false],
      ],
    )
    t.strictSame(
      facts.users.filter(({ interactive }) => interactive).map(({ name }) => name),
      ['alice', 'bob', 'carol', 'dave', 'root', 'toor'],
    )
    t.equal(userOf(facts, 'nobody')?.system, true)
  })
})
