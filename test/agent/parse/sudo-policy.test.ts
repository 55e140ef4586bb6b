// Tests of aliases, settings and rows made from sudoers statements.
import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
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
  t.strictSame(groups('%a ALL=(!root, ALL) ALL'), ['a'], 'the last name that matches decides')
  t.strictSame(groups('Runas_Alias R = root, S : S = !R, R\n%a ALL=(R) ALL\n%b ALL=(S) ALL'), ['a', 'b'], 'circles end')
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

const path = fc.constantFrom<string[]>('/a', '/b', '/c', 'ALL')
const user = fc.constantFrom('alice', 'bob', '%dev', '%wheel', '#1000', 'ALL')
const grantModel = fc.record({
  runAs: fc.constantFrom('', '(root) ', '(ALL) ', '(bob) '),
  free: fc.boolean(),
  commands: fc.uniqueArray(path, { minLength: 1, maxLength: 3 }),
})
const ruleModel = fc.record({
  who: fc.uniqueArray(user, { minLength: 1, maxLength: 3 }),
  host: fc.constantFrom('ALL', 'h1'),
  grant: grantModel,
})
type RuleModel = typeof ruleModel extends fc.Arbitrary<infer T> ? T : never
const ruleText = ({ who, host, grant }: RuleModel) =>
  `${who.join(', ')} ${host} = ${grant.runAs}${grant.free ? 'NOPASSWD: ' : ''}${grant.commands.join(', ')}`

t.test('any rules become rows that say the same, numbered in each file', async () => {
  fc.assert(
    fc.property(fc.array(fc.array(ruleModel, { maxLength: 3 }), { maxLength: 3 }), files => {
      const { rows, truncated } = policyOf(...files.map(rules => rules.map(ruleText).join('\n')))
      equal(truncated, false)
      const expected = files.flatMap((rules, file) =>
        rules
          .flatMap(({ who, host, grant: { runAs, free, commands } }) =>
            who.map(name => ({
              who: name,
              hosts: [host],
              runAs: runAs.slice(1, -2) || 'root',
              commands,
              nopasswd: free,
              all: commands.includes('ALL'),
            })),
          )
          .map((row, index) => ({ path: `/etc/sudoers${file || ''}`, position: index + 1, ...row })),
      )
      deepEqual(
        rows.map(row => ({ ...row })),
        expected,
      )
    }),
  )
})

t.test('an alias means its members, wherever it is defined and however deep', async () => {
  fc.assert(
    fc.property(ruleModel, fc.uniqueArray(path, { minLength: 1, maxLength: 3 }), fc.boolean(), (rule, more, before) => {
      const inline = policyOf(
        ruleText({ ...rule, grant: { ...rule.grant, commands: [...new Set([...rule.grant.commands, ...more])] } }),
      )
      const aliases = `Cmnd_Alias ONE = ${rule.grant.commands.join(', ')}, TWO\nCmnd_Alias TWO = ${more.join(', ')} : THREE = ONE`
      const using = ruleText({ ...rule, grant: { ...rule.grant, commands: ['THREE'] } })
      deepEqual(policyOf(before ? `${aliases}\n${using}` : `${using}\n${aliases}`), inline)
    }),
  )
})

/** sudoers(5): of the entries of a list that match, the last one counts; an alias matches as its list does. */
function matchesRoot(
  names: readonly string[],
  aliases: Readonly<Record<string, readonly string[]>>,
): boolean | undefined {
  for (const name of names.toReversed()) {
    const negated = name.startsWith('!')
    const plain = negated ? name.slice(1) : name
    const members = aliases[plain]
    const found = members ? matchesRoot(members, aliases) : ['root', '#0', 'ALL'].includes(plain) ? true : undefined
    if (found !== undefined) return found !== negated
  }
  return undefined
}

t.test('a group may become root when the last name that means root says so', async () => {
  const name = fc.constantFrom('root', '!root', '#0', '!#0', 'ALL', '!ALL', 'bob', '!bob')
  const member = fc.oneof(name, fc.constantFrom('ONE', '!ONE'))
  fc.assert(
    fc.property(
      fc.array(member, { minLength: 1, maxLength: 4 }),
      fc.array(name, { minLength: 1, maxLength: 3 }),
      (names, members) => {
        const text = `Runas_Alias ONE = ${names.join(', ')}\n%dev ALL = (${members.join(', ')}) ALL`
        deepEqual([...policyOf(text).rootGroups], matchesRoot(members, { ONE: names }) ? ['dev'] : [], text)
      },
    ),
    { numRuns: 300 },
  )
})

t.test('of any Defaults the last one that binds everybody counts', async () => {
  const flag = (name: string, unset: boolean) =>
    fc.tuple(fc.constantFrom('', ':bob', '@h1'), fc.boolean(), fc.constant({ name, unset }))
  const setting = fc.oneof(flag('use_pty', false), flag('authenticate', true), flag('insults', false))
  fc.assert(
    fc.property(fc.array(setting, { maxLength: 8 }), all => {
      const { settings } = policyOf(
        all.map(([scope, on, { name }]) => `Defaults${scope} ${on ? '' : '!'}${name}`).join('\n'),
      )
      const last = (wanted: string, unset: boolean) =>
        all.findLast(([scope, , { name }]) => scope === '' && name === wanted)?.[1] ?? unset
      deepEqual([settings.usePty, settings.authenticate], [last('use_pty', false), last('authenticate', true)])
    }),
  )
})
