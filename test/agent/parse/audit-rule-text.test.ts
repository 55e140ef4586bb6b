// Tests of the one form of audit rules, held against what auditctl printed of loaded ones.
import { equal } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { auditRuleText } from '../../../agent/parse/audit-rule-text.ts'
import { type AuditLine, type AuditRule, parseAuditRules, parseLoadedRules } from '../../../agent/parse/audit-rules.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/audit')
const ids = {
  users: new Map([
    ['root', 0],
    ['alice', 1000],
    ['bob', 1001],
  ]),
  groups: new Map([['adm', 4]]),
}
const texts = (lines: readonly AuditLine[]) =>
  lines.flatMap(line => (line.kind === 'rule' ? [auditRuleText(line.rule, ids)] : [])).sort()
const recorded = (name: string) => readFileSync(join(fixtures, name), 'utf8')
const rule = (name: string, value: string): AuditRule => ({
  action: 'always',
  list: 'exit',
  first: false,
  syscalls: [],
  fields: [{ name, op: '=', value }],
  comparisons: [],
  keys: [],
})
const textOf = (line: string) => texts(parseAuditRules(line))[0]

for (const name of ['benchmark', 'swapped']) {
  t.test(`rules of set ${name} are those that the kernel then had`, async t => {
    const ours = texts(parseAuditRules(recorded(`${name}.rules`)))
    const theirs = texts(parseLoadedRules(recorded(`${name}.list`)))
    t.strictSame(ours, theirs)
    t.equal(theirs.length, recorded(`${name}.list`).trim().split('\n').length, 'every line is understood')
  })
}

t.test('rules of the odd set are those of the kernel, but for what only its tables tell', async t => {
  const ours = texts(parseAuditRules(recorded('odd.rules')))
  const theirs = texts(parseLoadedRules(recorded('odd.list')))
  t.strictSame(
    ours.filter(text => !theirs.includes(text)),
    [
      '-a always,exit -F arch=b64 -S 59 -F egid>=5 -F exit!=0 -F gid=4 -F success=0 -F uid!=0 -k num',
      '-a always,exit -F arch=b64 -S socket -F saddr_fam=inet -k sock',
      // taken back by a later line
      '-w /etc/issue -p x',
    ],
  )
  t.strictSame(
    theirs.filter(text => !ours.includes(text)),
    [
      '-a always,exit -F arch=b64 -S execve -F egid>=5 -F exit!=0 -F gid=4 -F success=0 -F uid!=0 -k num',
      '-a always,exit -F arch=b64 -S socket -F saddr_fam=0 -k sock',
    ],
  )
  t.equal(theirs.length, recorded('odd.list').trim().split('\n').length)
})

t.test('values that mean the same are one text', async t => {
  const same = (a: string, b: string) => t.equal(textOf(a), textOf(b), `${a} is ${b}`)
  same('-a always,exit -S open -F auid!=-1', '-a exit,always -S open -F auid!=4294967295')
  same('-a always,exit -S open -F loginuid!=unset', '-a always,exit -S open -F auid!=unset')
  same('-a always,exit -F arch=x86_64 -S open', '-a always,exit -F arch=b64 -S open')
  same('-a always,exit -S open -F exit=-EACCES', '-a always,exit -S open -F exit=-13')
  same('-a always,exit -S open -F a0=0x10', '-a always,exit -S open -F a0=16')
  same('-a always,exit -S open -F uid=alice', '-a always,exit -S open -F uid=1000')
  same('-a always,exit -S open -F filetype=file', '-a always,exit -S open -F filetype=32768')
  same('-a always,exit -S open -C uid!=euid', '-a always,exit -S open -C euid!=uid')
  same('-a always,exclude -F msgtype=CWD', '-a always,exclude -F msgtype=1307')
  t.equal(textOf('-a always,exit -S open -F uid=nobody-knows'), '-a always,exit -S open -F uid=nobody-knows')
})

t.test('values that differ stay apart', async t => {
  t.not(textOf('-w /etc/passwd -p wa'), textOf('-w /etc/passwd -p w'))
  t.not(textOf('-a always,exit -S open -F success=0'), textOf('-a always,exit -S open -F success=1'))
  t.not(textOf('-a never,exit -S open'), textOf('-a always,exit -S open'))
  t.not(textOf('-a always,exit -F arch=b64 -S open'), textOf('-a always,exit -F arch=b32 -S open'))
})

t.test('machines of one word size are one architecture', async t => {
  const arch = (name: string) => textOf(`-a always,exit -F arch=${name} -S open`)
  for (const name of ['x86_64', 'aarch64', 'ppc64le', 's390x', 'riscv64']) t.equal(arch(name), arch('b64'), name)
  for (const name of ['i386', 'i486', 'i586', 'i686', 'arm']) t.equal(arch(name), arch('b32'), name)
  t.equal(arch('mips'), '-a always,exit -F arch=mips -S open')
})

t.test('a rule has one order: list, architecture, calls, comparisons, fields, keys', async t => {
  t.equal(
    textOf('-a exit,always -F uid=0 -S openat,open -C uid!=euid -F arch=b64 -F auid>=1000 -C auid!=egid -k one -k two'),
    '-a always,exit -F arch=b64 -S open,openat -C auid!=egid -C euid!=uid -F auid>=1000 -F uid=0 -k one -k two',
  )
  t.equal(textOf('-a always,exit -F auid=unset'), '-a always,exit -S all -F auid=unset', 'no call means all of them')
  t.equal(textOf('-a always,exclude -F msgtype=CWD'), '-a always,exclude -F msgtype=1307', 'other lists have no calls')
  t.equal(textOf('-w /etc/passwd'), '-w /etc/passwd -p rwxa')
  t.equal(textOf('-w /etc/passwd -p aw -k id'), '-w /etc/passwd -p wa -k id')
})

/** The value that a field of a rule is given. */
const fieldValue = (field: string) =>
  / -F [a-z0-9_]+[=<>!&]+(.*)$/.exec(textOf(`-a always,exit -S open -F ${field}`) ?? '')?.[1]

t.test('fields of accounts become numbers, as far as names are known', async t => {
  for (const name of ['uid', 'auid', 'euid', 'suid', 'fsuid', 'obj_uid'])
    t.equal(fieldValue(`${name}=bob`), '1001', name)
  for (const name of ['gid', 'egid', 'sgid', 'fsgid', 'obj_gid']) t.equal(fieldValue(`${name}=adm`), '4', name)
  t.equal(fieldValue('gid=bob'), 'bob', 'a user is no group')
  t.equal(fieldValue('auid=unset'), 'unset')
  t.equal(fieldValue('auid=-1'), 'unset')
  t.equal(fieldValue('sessionid=4294967295'), 'unset')
  t.equal(fieldValue('sessionid=0x10'), '16')
  t.equal(fieldValue('uid=0x3e8'), '1000')
})

t.test('numbers are decimal, whatever base they are written in', async t => {
  t.equal(fieldValue('a0=010'), '8')
  t.equal(fieldValue('a1=0X1F'), '31')
  t.equal(fieldValue('a2=-5'), '-5')
  t.equal(fieldValue('a3=0'), '0')
  t.equal(fieldValue('a0=089'), '89', 'no octal number')
  t.equal(fieldValue('pid=0755'), '493')
  t.equal(fieldValue('a0=12345678901234567890'), '12345678901234567890')
  for (const name of ['devmajor', 'devminor', 'inode', 'pers', 'ppid', 'success'])
    t.equal(fieldValue(`${name}=0x1`), '1', name)
  for (const value of ['x16', '16x', '0x', '1 2'])
    t.equal(auditRuleText(rule('a0', value), ids), `-a always,exit -S all -F a0=${value}`, 'what is no number stays')
  t.equal(auditRuleText(rule('path', '010'), ids), '-a always,exit -S all -F path=010', 'a path is no number')
  t.equal(auditRuleText(rule('xa0', '010'), ids), '-a always,exit -S all -F xa0=010')
  t.equal(auditRuleText(rule('a0x', '010'), ids), '-a always,exit -S all -F a0x=010')
})

t.test('errors, file types and file systems are their numbers', async t => {
  t.equal(fieldValue('exit=-EPERM'), '-1')
  t.equal(fieldValue('exit=EACCES'), '13')
  t.equal(fieldValue('exit=-EUNKNOWN'), '-EUNKNOWN')
  t.equal(fieldValue('exit=0x2'), '2')
  for (const value of ['x-EPERM', 'EPERMx', '-EPERM '])
    t.equal(auditRuleText(rule('exit', value), ids), `-a always,exit -S all -F exit=${value}`)
  t.equal(fieldValue('filetype=dir'), '16384')
  t.equal(fieldValue('filetype=other'), 'other')
  t.equal(auditRuleText(rule('fstype', 'tracefs'), ids), '-a always,exit -S all -F fstype=1953653091')
})

const plainField = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('auid', 'uid', 'euid', 'gid', 'egid'),
      fc.constantFrom('=', '!=', '>=', '<'),
      fc.nat({ max: 70_000 }),
    )
    .map(([name, op, value]) => `${name}${op}${value}`),
  fc
    .tuple(fc.constantFrom('a0', 'a1', 'inode', 'pid', 'devmajor', 'success'), fc.nat({ max: 70_000 }))
    .map(([name, value]) => `${name}=${value}`),
  fc.constantFrom(
    'arch=b64',
    'arch=b32',
    'arch=x86_64',
    'auid!=unset',
    'exit=-EPERM',
    'filetype=file',
    'path=/etc/shadow',
    'perm=wa',
    'subj_type=x_t',
    'sessionid=4294967295',
  ),
)
const auditRule = fc.record({
  action: fc.constantFrom('always', 'never'),
  list: fc.constantFrom('exit', 'exclude', 'user', 'filesystem'),
  calls: fc.uniqueArray(fc.constantFrom('open', 'openat', 'chmod', 'mount', '59'), { maxLength: 3 }),
  fields: fc.uniqueArray(plainField, { maxLength: 4, selector: text => text.replace(/[^a-z0-9_].*$/, '') }),
  comparisons: fc.uniqueArray(fc.constantFrom<string[]>('uid!=euid', 'auid!=egid', 'gid=sgid'), { maxLength: 2 }),
  keys: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z_-]{0,5}$/), { maxLength: 3 }),
})
type RuleParts = typeof auditRule extends fc.Arbitrary<infer T> ? T : never
const written = ({ action, list, calls, fields, comparisons, keys }: RuleParts) =>
  [
    `-a ${action},${list}`,
    ...calls.map(call => `-S ${call}`),
    ...fields.map(field => `-F ${field}`),
    ...comparisons.map(comparison => `-C ${comparison}`),
    ...keys.map(key => `-k ${key}`),
  ].join(' ')

t.test('the one form of any rule is a rule, and its own one form, in a file and as loaded', async () => {
  fc.assert(
    fc.property(auditRule, rule => {
      const text = textOf(written(rule)) ?? ''
      equal(text.startsWith('-a ') || text.startsWith('-w '), true, written(rule))
      equal(textOf(text), text)
      equal(texts(parseLoadedRules(text))[0], text)
    }),
    { numRuns: 300 },
  )
})

t.test('whatever order the parts of a rule are written in, the form is one', async () => {
  const swapped = (text: string) => {
    const [left, op, right] = text.split(/(!?=)/)
    return `${right}${op}${left}`
  }
  fc.assert(
    fc.property(auditRule, rule => {
      const other = {
        ...rule,
        calls: rule.calls.toReversed(),
        fields: rule.fields.toReversed(),
        comparisons: rule.comparisons.toReversed().map(swapped),
        keys: rule.keys.toReversed(),
      }
      equal(textOf(written(other)), textOf(written(rule)))
    }),
  )
})

t.test('a number is the same in every base, and an account by its name and by its number', async () => {
  const form = (field: string) => textOf(`-a always,exit -S open -F ${field}`)
  fc.assert(
    fc.property(
      fc.constantFrom('a0', 'a3', 'inode', 'uid', 'sgid', 'pers', 'exit'),
      fc.nat(),
      fc.constantFrom('=', '!='),
      (name, value, op) => {
        const decimal = form(`${name}${op}${value}`)
        equal(decimal, `-a always,exit -S open -F ${name}${op}${value}`)
        equal(form(`${name}${op}0x${value.toString(16)}`), decimal)
        equal(form(`${name}${op}0${value.toString(8)}`), decimal)
      },
    ),
  )
  fc.assert(
    fc.property(fc.constantFrom(...ids.users), fc.constantFrom('uid', 'auid', 'obj_uid'), ([name, id], field) => {
      equal(form(`${field}=${name}`), form(`${field}=${id}`))
    }),
  )
})
