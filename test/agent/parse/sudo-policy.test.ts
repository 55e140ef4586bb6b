// Tests of aliases, settings and rows made from sudoers statements.
import t from 'tap'
import { readSudoPolicy } from '../../../agent/parse/sudo-policy.ts'
import { parseSudoers } from '../../../agent/parse/sudoers.ts'

function policyOf(...texts: readonly string[]) {
  return readSudoPolicy(
    texts.flatMap((text, index) =>
      parseSudoers(text).statements.map(statement => ({ path: `/etc/sudoers${index || ''}`, statement })),
    ),
  )
}

t.test('a rule becomes a row per user and per group of equal commands', async t => {
  const { rows } = policyOf('alice, %dev ALL=(root) NOPASSWD: /a, /b, PASSWD: /c', 'x ALL=/d\nALL, !dave ALL=ALL')
  t.strictSame(
    rows.map(row => [row.path, row.position, row.who, row.runAs, row.commands, row.nopasswd, row.all]),
    [
      ['/etc/sudoers', 1, 'alice', 'root', ['/a', '/b'], true, false],
      ['/etc/sudoers', 2, '%dev', 'root', ['/a', '/b'], true, false],
      ['/etc/sudoers', 3, 'alice', 'root', ['/c'], false, false],
      ['/etc/sudoers', 4, '%dev', 'root', ['/c'], false, false],
      ['/etc/sudoers1', 1, 'x', 'root', ['/d'], false, false],
      ['/etc/sudoers1', 2, 'ALL, !dave', 'root', ['ALL'], false, true],
    ],
  )
})

t.test('aliases are resolved through others, before and after their use, negated and in circles', async t => {
  const { rows } = policyOf(
    'a H=C, !S\nCmnd_Alias C = /x, S : S = /bin/sh, !/bin/bash\nHost_Alias H = h1, I : I = h2, H',
  )
  t.strictSame(rows[0]?.commands, ['/x', '/bin/sh', '!/bin/bash', '!/bin/sh', '/bin/bash'])
  t.strictSame(rows[0]?.hosts, ['h1', 'h2'])
  t.strictSame(policyOf('Cmnd_Alias A = B : B = A, ALL\na ALL=A')?.rows[0]?.all, true)
  t.strictSame(policyOf('a ALL=UNDEFINED').rows[0]?.commands, ['UNDEFINED'])
})

t.test('the last setting for all wins, settings of some do not', async t => {
  t.strictSame(policyOf('').settings, { usePty: false, logfile: '', timestampMinutes: 15, authenticate: true })
  t.strictSame(
    policyOf('Defaults use_pty, logfile=/var/log/sudo.log\nDefaults timestamp_timeout=2.5,!authenticate').settings,
    { usePty: true, logfile: '/var/log/sudo.log', timestampMinutes: 3, authenticate: false },
  )
  t.match(policyOf('Defaults use_pty\nDefaults !use_pty\nDefaults:alice use_pty, logfile=/x').settings, {
    usePty: false,
    logfile: '',
  })
  const minutes = (value: string) => policyOf(`Defaults ${value}`).settings.timestampMinutes
  t.equal(minutes('timestamp_timeout=-1'), -1)
  t.equal(minutes('!timestamp_timeout'), 0)
  for (const odd of ['soon', 'x5', '5x', '1.2.3', '--1', '1234567890'])
    t.equal(minutes(`timestamp_timeout=${odd}`), 15, odd)
  t.equal(minutes('timestamp_timeout=0'), 0)
  t.equal(minutes('timestamp_timeout=-0.5'), -1)
  t.equal(minutes('timestamp_timeout=120'), 120)
  t.equal(minutes('timestamp_timeout=0.25'), 1)
  t.equal(policyOf('a ALL=ALL').truncated, false)
})

t.test('groups that may run everything as root are known by name, through aliases too', async t => {
  const groups = (text: string) => [...policyOf(text).rootGroups]
  t.strictSame(groups('%sudo ALL=(ALL:ALL) ALL\n%wheel ALL=ALL\n%#27 ALL=(root) NOPASSWD: ALL'), [
    'sudo',
    'wheel',
    '#27',
  ])
  t.strictSame(groups('%a ALL=(#0) ALL\n%b ALL=(operator,root:adm) ALL'), ['a', 'b'])
  t.strictSame(groups('%a ALL=(operator) ALL\n%b ALL=(:adm) ALL\n%c ALL=/bin/ls\nalice ALL=ALL'), [])
  t.strictSame(groups('%a ALL=(ALL,!root) ALL\n%b ALL=(ALL, !#0) ALL'), [], 'everybody but root')
  t.strictSame(groups('Defaults runas_default=operator\n%a ALL=ALL\n%b ALL=(root) ALL'), ['b'])
  t.strictSame(
    groups('User_Alias A = %x, bob, !%y, %:ad\nA ALL=ALL'),
    ['x'],
    'groups of other directories are not ours',
  )
  t.strictSame(groups('Runas_Alias R = root\nCmnd_Alias C = ALL\n%a ALL=(R) C\n%b ALL=(root) /x, ALL'), ['a', 'b'])
})

t.test('a rule for nobody but some keeps what it says', async t => {
  t.strictSame(
    policyOf('!alice, !bob ALL=/x').rows.map(({ who }) => who),
    ['!alice, !bob'],
  )
})

t.test('runas_default is what a rule without run-as part means', async t => {
  t.equal(policyOf('Defaults runas_default=operator\na ALL=ALL').rows[0]?.runAs, 'operator')
})

t.test('Defaults:user !authenticate frees that user of the password, through aliases and ALL', async t => {
  const free = (text: string) => policyOf(text).rows.map(({ nopasswd }) => nopasswd)
  t.strictSame(free('Defaults:alice !authenticate\nalice ALL=ALL\nbob ALL=ALL'), [true, false])
  t.strictSame(free('Defaults:alice use_pty\nalice ALL=ALL'), [false], 'another setting')
  t.strictSame(free('Defaults:alice !authenticate, use_pty\nalice ALL=ALL'), [true], 'beside another setting')
  t.strictSame(free('Defaults>alice !authenticate\nalice ALL=ALL'), [false], 'whoever runs as alice')
  t.strictSame(free('User_Alias A=bob\nDefaults:A !authenticate\nA ALL=ALL\nbob,!x ALL=ALL'), [true, true])
  t.strictSame(free('Defaults:ALL !authenticate\nDefaults:bob authenticate\na ALL=ALL\nbob ALL=ALL'), [true, false])
})

t.test('too many rows or commands are cut off and said so', async t => {
  const rules = policyOf('a ALL=ALL\n'.repeat(6_000))
  t.equal(rules.rows.length, 5_000)
  t.equal(rules.truncated, true)
  const users = Array.from({ length: 4_000 }, (_, index) => `u${index}`).join(',')
  const paths = Array.from({ length: 1_000 }, (_, index) => `/bin/${index}`).join(',')
  const wide = policyOf(`${users} ALL=${paths}`)
  t.equal(wide.rows.length, 50)
  t.equal(wide.truncated, true)
  const nested = Array.from({ length: 60 }, (_, index) => `Cmnd_Alias A${index} = A${index + 1}, A${index + 1}, /x`)
  t.strictSame(policyOf(`a ALL=A0\n${nested.join('\n')}`).rows[0]?.commands, ['A60', '/x'], 'nesting does not explode')
})
