// Holds the accounts of the running machine against getent and passwd, and the sudoers parser against visudo.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { decodeHostBytes } from '../../../agent/host/decode.ts'
import { openHost } from '../../../agent/host/open-host.ts'
import { parseSudoers } from '../../../agent/parse/sudoers.ts'
import { accounts } from '../../../agent/probes/accounts.ts'
import type { AccountsFacts } from '../../../proto/facets/accounts.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

interface Printed {
  readonly exitCode: number
  readonly lines: readonly string[]
}

/** What a program of this machine prints; undefined, with a printed word, where it does not exist. */
function run(command: string, ...args: readonly string[]): Printed | undefined {
  const path = '/usr/sbin:/usr/bin:/sbin:/bin'
  const answer = spawnSync(command, args, { env: { PATH: path, LC_ALL: 'C' }, timeout: 20_000 })
  if (answer.error) {
    t.comment(`skipped: ${command} is not installed here`)
    return undefined
  }
  return { exitCode: answer.status ?? -1, lines: decodeHostBytes(answer.stdout).split('\n').filter(Boolean) }
}

const facts = presentFacts(await runProbe(accounts, await openHost({ root: '/' }))) as unknown as AccountsFacts

t.test('users are those of getent passwd', async t => {
  const printed = run('getent', '-s', 'files', 'passwd')
  if (!printed) return
  const rows = printed.lines
    .map(line => line.split(':'))
    .map(([name, , uid, gid, , home, shell]) => [name, uid, gid, home, shell])
  const mine = facts.users.map(({ name, uid, gid, home, shell }) => [name, String(uid), String(gid), home, shell])
  t.strictSame(mine.sort(), rows.sort())
  t.ok(mine.length > 0, `${mine.length} users`)
})

t.test('groups and members are those of getent group', async t => {
  const printed = run('getent', '-s', 'files', 'group')
  if (!printed) return
  const rows = printed.lines
    .map(line => line.split(':'))
    .map(([name, , gid, members = '']) => [name, gid, members.split(',').sort().join()])
  t.strictSame(facts.groups.map(({ name, gid, members }) => [name, String(gid), members.join()]).sort(), rows.sort())
})

t.test('password states and days are those of passwd -S', async t => {
  const printed = run('passwd', '-S', '-a')
  if (printed?.exitCode !== 0) {
    t.comment('skipped: passwd -S -a does not answer here')
    return
  }
  const letters: Readonly<Record<string, readonly string[]>> = {
    P: ['hash'],
    PS: ['hash'],
    NP: ['empty'],
    L: ['locked', 'disabled'],
    LK: ['locked', 'disabled'],
  }
  for (const line of printed.lines) {
    const [name, letter = '', , ...days] = line.split(' ')
    const password = facts.users.find(user => user.name === name)?.password
    t.ok(password && letters[letter]?.includes(password.state), `${name} is ${letter}`)
    t.strictSame(
      [password?.minDays, password?.maxDays, password?.warnDays, password?.inactiveDays],
      days.map(Number),
      `days of ${name}`,
    )
  }
  t.ok(printed.lines.length > 0)
})

t.test('sudoers text is accepted and refused as by visudo', async t => {
  if (!run('visudo', '-V')) return
  const directory = mkdtempSync(join(tmpdir(), 'gabion-sudoers-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'sudoers')
  const texts = [
    ...[
      'root ALL=(ALL:ALL) ALL',
      '%wheel\tALL=(ALL)\tNOPASSWD: ALL',
      '#1000,%#27 ALL=ALL # why',
      '"bob smith" ALL=/bin/ls -l \\, x',
    ],
    ...[
      'a ALL=(root) NOPASSWD:SETENV: /a, PASSWD : /b : h = /c',
      'Defaults:a !authenticate',
      'Defaults!/bin/ls noexec',
      'a ALL=/a, \\\n /b',
    ],
    ...[
      'User_Alias A = a, !b : B = c\nA,B ALL=ALL',
      'Defaults env_keep += "A B", logfile=/var/log/x',
      'a ALL=() /x, (:adm) /y',
      '# 1 \\\na ALL=ALL',
    ],
    ...[
      'a',
      'a ALL',
      'a ALL=',
      'a ALL=ALL,',
      'a ALL=bin/x',
      'a ALL=(root ALL',
      'foo=bar',
      'User_Alias x=b',
      'Defaults',
      'Defaults:a',
    ],
    ...['% ALL=ALL', 'a ALL=ALL x', 'a ALL=ALL #1', 'a ALL=/x #1', '"open ALL=ALL', 'a ALL=FOO: /x'],
  ]
  for (const text of texts) {
    writeFileSync(file, `${text}\n`, { mode: 0o440 })
    const accepted = run('visudo', '-c', '-q', '-f', file)?.exitCode === 0
    rmSync(file)
    t.equal(parseSudoers(`${text}\n`).malformed.length === 0, accepted, JSON.stringify(text))
  }
})
