// Tests of the sudoers parser. What it accepts and how it reads it was compared with cvtsudoers of sudo 1.9.13.
import fc from 'fast-check'
import t from 'tap'
import { parseSudoers, type SudoStatement } from '../../../agent/parse/sudoers.ts'

const debian = `#
# This file MUST be edited with the 'visudo' command as root.
#
Defaults	env_reset
Defaults	secure_path="/usr/local/sbin:/usr/local/bin"
#Defaults:%sudo env_keep += "http_proxy"
Defaults	use_pty
root	ALL=(ALL:ALL) ALL
%sudo	ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
`

function rulesOf(text: string) {
  return parseSudoers(text).statements.flatMap(statement => (statement.kind === 'rule' ? [statement] : []))
}
const first = (text: string): SudoStatement | undefined => parseSudoers(text).statements[0]
const commands = (text: string) => rulesOf(text).flatMap(({ grants }) => grants.map(({ command }) => command))

t.test('the file of Debian is read line by line', async t => {
  const { statements, malformed } = parseSudoers(debian)
  t.strictSame(malformed, [])
  t.strictSame(
    statements.map(({ kind, line }) => `${line} ${kind}`),
    ['4 defaults', '5 defaults', '7 defaults', '8 rule', '9 rule', '10 include'],
  )
  t.match(statements[2], { settings: [{ name: 'use_pty', negated: false }] })
  t.match(statements[4], {
    who: ['%sudo'],
    grants: [{ hosts: ['ALL'], runAs: 'ALL:ALL', nopasswd: false, command: 'ALL' }],
  })
  t.match(statements[5], { directory: true, path: '/etc/sudoers.d' })
  t.strictSame(parseSudoers(debian.replaceAll('\n', '\r\n')), parseSudoers(debian))
})

t.test('a number sign begins a comment, an include or an id, as its place says', async t => {
  t.match(first('#include "/etc/a b"'), { kind: 'include', directory: false, path: '/etc/a b' })
  t.match(first('#includedir /etc/x.d'), { kind: 'include', directory: true })
  t.match(first('  @include local # why'), { kind: 'include', path: 'local' })
  t.match(first('@include /etc/a\\ b'), { kind: 'include', path: '/etc/a b' })
  t.strictSame(parseSudoers('#includes are nice\n#includedir\n# 1000 ALL=ALL\n#-x').statements, [])
  t.match(first('#1000,%#27 ALL=(#0) ALL#1 is me'), undefined, 'an id behind a command is an error, as in sudo')
  t.match(first('#1000,%#27 ALL=(#0) ALL#one is me'), { who: ['#1000', '%#27'], grants: [{ runAs: '#0' }] })
  t.match(first('\\#odd ALL=ALL'), { who: ['#odd'] })
})

t.test('lines are continued by a backslash, but comments are not', async t => {
  const text = 'alice ALL = /bin/a, \\  \n   /bin/b, \\\n/bin/c\n# comment \\\nbob ALL=ALL\ncarol \\\n'
  t.strictSame(
    rulesOf(text).map(({ line, who }) => [line, who]),
    [
      [1, ['alice']],
      [5, ['bob']],
    ],
  )
  t.strictSame(parseSudoers(text).malformed, [6])
})

t.test('users may be quoted, escaped, groups, non-Unix groups, netgroups and negated', async t => {
  t.match(first('"bob smith", a\\,b ,%wheel, %:dom\\ users, "%my group",+ng , !! eve,! dave ALL=ALL'), {
    who: ['bob smith', 'a,b', '%wheel', '%:dom users', '%my group', '+ng', 'eve', '!dave'],
  })
})

t.test('tags and run-as parts hold for the commands behind them, up to the next host list', async t => {
  const [rule] = rulesOf(
    'a ALL=/x,(root,#0 : adm) NOPASSWD:SETENV: /y, /z, PASSWD : /w : h1, fe80::1 = /v, (:adm) /u, () /t, (:) /s',
  )
  t.strictSame(
    rule?.grants.map(({ command, runAs, nopasswd }) => [command, runAs, nopasswd]),
    [
      ['/x', '', false],
      ['/y', 'root,#0:adm', true],
      ['/z', 'root,#0:adm', true],
      ['/w', 'root,#0:adm', false],
      ['/v', '', false],
      ['/u', ':adm', false],
      ['/t', '()', false],
      ['/s', '()', false],
    ],
  )
  t.strictSame(rule?.grants.at(-1)?.hosts, ['h1', 'fe80::1'])
})

t.test('options before the tags are read over', async t => {
  t.strictSame(commands('a ALL=(b) CWD=/home TIMEOUT=8h NOPASSWD: /x, ROLE="x y" /y'), ['/x', '/y'])
})

t.test('of a command only the path stays: no arguments, no digest', async t => {
  const line =
    'a ALL=/bin/mysql -pcanary1 \\, canary2 "canary3", sha256:canary4, sha512:canary5 /bin/ls, !/bin/su -, /usr/bin/*, ' +
    '/opt/a\\ b, sudoedit /etc/canary6, list, ^/usr/bin/[a-z,]+$ ^canary7,x$, /usr/sbin/, /bin/x=canary8, SHELLS'
  t.strictSame(commands(line), [
    ...['/bin/mysql', '/bin/ls', '!/bin/su', '/usr/bin/*', '/opt/a b', 'sudoedit', 'list', '^/usr/bin/[a-z,]+$'],
    ...['/usr/sbin/', '/bin/x', 'SHELLS'],
  ])
  t.notMatch(JSON.stringify(parseSudoers(line)), /canary/)
})

t.test('aliases of all four kinds, several in one line', async t => {
  const { statements } = parseSudoers(
    'User_Alias A = alice, !B : B = %dev\nRunas_Alias OP = root\nHost_Alias H = 10.0.0.0/8, !srv*\nCmnd_Alias C = /bin/a x, !/bin/b\nCmd_Alias D = C',
  )
  t.strictSame(
    statements.map(statement =>
      statement.kind === 'alias' ? [statement.type, statement.name, statement.members] : [],
    ),
    [
      ['user', 'A', ['alice', '!B']],
      ['user', 'B', ['%dev']],
      ['runAs', 'OP', ['root']],
      ['host', 'H', ['10.0.0.0/8', '!srv*']],
      ['command', 'C', ['/bin/a', '!/bin/b']],
      ['command', 'D', ['C']],
    ],
  )
})

t.test('Defaults bind by the mark right behind the word; only the settings of the facet are kept', async t => {
  t.match(first('Defaults !authenticate, logfile = "/var/log/a b", badpass_message="canary"'), {
    scope: 'all',
    settings: [
      { name: 'authenticate', negated: true, value: '' },
      { name: 'logfile', negated: false, value: '/var/log/a b' },
    ],
  })
  t.match(first('Defaults:alice,%dev !authenticate'), { scope: 'users', names: ['alice', '%dev'] })
  t.match(first('Defaults@h1 use_pty'), { scope: 'hosts', names: ['h1'] })
  t.match(first('Defaults>root use_pty'), { scope: 'runAs', names: ['root'] })
  t.match(first('Defaults!/bin/ls,SH noexec, use_pty'), { scope: 'commands', names: ['/bin/ls', 'SH'] })
  t.notMatch(JSON.stringify(parseSudoers('Defaults passprompt="canary", env_keep+=canary')), /canary/)
})

t.test('broken lines are named and the others still count', async t => {
  const broken = [
    ...['alice', 'alice ALL', 'alice ALL=', 'alice ALL=ALL,', 'alice ALL=bin/x', 'alice ALL=(root ALL', 'foo=bar'],
    ...['User_Alias a=b', 'User_Alias ALL=b', 'Defaults', 'Defaults:alice', '"open ALL=ALL', 'alice ALL=FOO: /x'],
    ...['% ALL=ALL', 'a ALL=ALL x', '@include', 'a ALL="/bin/x"', 'Defaults use_pty x', 'a ALL=/x #1'],
  ]
  const { statements, malformed } = parseSudoers(`${broken.join('\n')}\nok ALL=ALL`)
  t.strictSame(
    malformed,
    broken.map((_, index) => index + 1),
  )
  t.match(statements, [{ who: ['ok'] }])
})

t.test('every prefix is answered', async t => {
  for (let length = 0; length <= debian.length; length++) {
    t.ok(parseSudoers(debian.slice(0, length)).malformed.length <= 1, `the first ${length} characters`)
  }
})

t.test('any mixture of its marks is answered, and what stands as an argument never comes out', async t => {
  const piece = fc.constantFrom(
    ...['alice', ' ', ' ', 'ALL', '=', ',', ':', '(', ')', '!', '"', '\\', '\n', '#', '/bin/x', 'NOPASSWD:', '%', '+'],
    ...['Defaults', 'User_Alias', 'Cmnd_Alias', '@include', '^', '$', 'sha256:', '\udcff', '\t', '@', '>'],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      const text = pieces.join('')
      const { statements, malformed } = parseSudoers(text)
      return statements.length + malformed.length <= text.length + 1
    }),
    { numRuns: 500 },
  )
  const words = fc.stringMatching(/^[a-z0-9 ./\\"'-]{1,20}$/)
  fc.assert(
    fc.property(words, fc.stringMatching(/^[a-f0-9]{12}$/), (argument, secret) => {
      const text = JSON.stringify(parseSudoers(`a ALL=/bin/x ${argument} ${secret}, /bin/y -p${secret} # ${secret}`))
      return !text.includes(secret)
    }),
  )
  t.pass('no counterexample')
})

t.test('hostile sizes are answered in time', async t => {
  t.strictSame(parseSudoers(`a ALL=${'^a,'.repeat(200_000)}`).malformed, [1])
  t.equal(rulesOf('a ALL=ALL\n'.repeat(50_000)).length, 50_000)
  t.equal(commands(`a ALL=${'/x,'.repeat(100_000)}/y`).length, 100_001)
  t.strictSame(parseSudoers('!'.repeat(500_000)).malformed, [1])
  t.strictSame(parseSudoers('\\\n'.repeat(200_000)).malformed, [])
})
