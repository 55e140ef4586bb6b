// Tests of the parser of audit rules.
import fc from 'fast-check'
import t from 'tap'
import { type AuditLine, parseAuditRules, parseLoadedRules } from '../../../agent/parse/audit-rules.ts'

const ruleOf = (text: string) => {
  const [line] = parseAuditRules(text)
  return line?.kind === 'rule' ? line.rule : line?.kind
}
const kinds = (lines: readonly AuditLine[]) => lines.map(({ line, kind }) => `${line} ${kind}`)

t.test('a watch is the same however it is written', async t => {
  const watch = {
    action: 'always',
    list: 'exit',
    first: false,
    syscalls: [],
    comparisons: [],
    fields: [
      { name: 'watch', op: '=', value: '/etc/passwd' },
      { name: 'perm', op: '=', value: 'wa' },
    ],
    keys: ['identity'],
  }
  t.strictSame(ruleOf('-w /etc/passwd -p wa -k identity'), watch)
  t.strictSame(ruleOf('-w /etc/passwd -paw -k identity'), watch)
  t.strictSame(ruleOf('-a always,exit -F path=/etc/passwd -F perm=aw -F key=identity'), watch)
  t.strictSame(ruleOf('-a exit,always -S all -F path=/etc/passwd -F perm=wa -k identity'), watch)
  t.match(ruleOf('-w /etc/sudoers.d/ -k scope'), { fields: [{ value: '/etc/sudoers.d' }, { value: 'rwxa' }] })
  t.match(ruleOf('-a always,exit -F path=/bin/su -F perm=x -F auid>=1000'), {
    fields: [{ name: 'path' }, { name: 'perm' }, { name: 'auid', op: '>=', value: '1000' }],
  })
})

t.test('system calls, comparisons and keys are sorted', async t => {
  t.match(ruleOf('-a always,exit -F arch=b64 -S unlink,rename -S chmod -C uid!=euid -C auid!=uid -k b -F key=a'), {
    syscalls: ['chmod', 'rename', 'unlink'],
    comparisons: [
      { name: 'euid', op: '!=', value: 'uid' },
      { name: 'auid', op: '!=', value: 'uid' },
    ],
    fields: [{ name: 'arch', value: 'b64' }],
    keys: ['a', 'b'],
  })
  t.match(ruleOf('-A never,task'), { action: 'never', list: 'task', first: true, fields: [] })
  t.match(ruleOf('-a always,exit -F a1&=0x10 -F a2&3 -F exit=-EACCES -S open'), {
    fields: [{ op: '&=' }, { op: '&' }, { op: '=', value: '-EACCES' }],
  })
})

t.test('lines beside rules', async t => {
  const text = `## comment
-D
-b 8192
   -f 1

--backlog_wait_time 60000
--loginuid-immutable
-i
-c
-d always,exit -S open -F key=x
-W /etc/issue -p x
-D -k old
-e 2
`
  t.strictSame(kinds(parseAuditRules(text)), [
    '2 deleteAll',
    '3 control',
    '4 control',
    '6 control',
    '7 control',
    '8 goOn',
    '9 goOn',
    '10 delete',
    '11 delete',
    '12 deleteAll',
    '13 control',
  ])
  t.match(parseAuditRules(text).at(-1), { option: '-e', value: '2' })
  t.match(parseAuditRules(text).at(-2), { key: 'old' })
})

t.test('what auditctl refuses is told by line', async t => {
  const refused = [
    '-w relative -p wa',
    '-w /etc/x -p z',
    '-w /etc/x -S open',
    '-w',
    '-a sometimes,exit -S open',
    '-a always,exit,more -S open',
    '-a always -S open',
    '-a always,exit -F nosuchfield=1',
    '-a always,exit -F auid',
    '-a always,exit -F path=relative -F perm=x',
    '-a always,exit -S open -C uid>euid',
    '-a always,exit -S Open',
    '-a always,exit -a never,exit',
    '-b many',
    '-e',
    '-D -x',
    'open the door',
    '-z',
  ]
  const lines = parseAuditRules(refused.join('\n'))
  t.strictSame(
    lines.filter(({ kind }) => kind !== 'malformed').map(({ line }) => refused[line - 1]),
    [],
  )
  t.equal(lines.length, refused.length)
})

t.test('a backslash takes a blank into a path, and auditctl -l prints it without', async t => {
  const [written] = parseAuditRules('-w /tmp/with\\ space -p r -k two\\ words')
  t.match(written, { rule: { fields: [{ value: '/tmp/with space' }, { value: 'r' }], keys: ['two words'] } })
  t.strictSame(parseLoadedRules('-w /tmp/with space -p r -k two words\n'), [written])
  t.strictSame(parseLoadedRules('No rules\n'), [])
  t.match(parseLoadedRules(' -p x-w /usr/bin/dnf-3 -k software'), [
    { rule: { fields: [{ value: '/usr/bin/dnf-3' }, { value: 'x' }], keys: ['software'] } },
  ])
  t.match(parseLoadedRules('something else\n'), [{ line: 1, kind: 'malformed' }])
})

t.test('carriage returns, other bytes, long lines and every prefix are survived', async t => {
  t.match(ruleOf('-w /etc/passwd -p wa -k identity\r'), { keys: ['identity'] })
  t.match(ruleOf('-w /etc/\udcff -p wa'), { fields: [{ value: '/etc/\udcff' }, {}] })
  const text = '-a always,exit -F arch=b64 -S open,creat -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access'
  for (let length = 0; length <= text.length; length++) {
    t.ok(parseAuditRules(text.slice(0, length)).length <= 1)
    t.ok(parseLoadedRules(text.slice(0, length)).length <= 1)
  }
  t.equal(parseAuditRules(`-w /${'x'.repeat(1 << 20)}`).length, 1)
  t.equal(parseLoadedRules(`${' -p x-w'.repeat(100_000)}`).length, 1)
  t.equal(parseAuditRules(`-a always,exit ${'-S open '.repeat(100_000)}`).length, 1)
})

t.test('any text gives at most one answer per line', async () => {
  const word = fc.constantFrom(
    ...['-a', '-A', '-w', '-S', '-F', '-C', '-k', '-p', '-D', '-e', '2', 'always,exit', 'task,never', 'open', 'all'],
    ...['auid>=1000', 'key=x', 'perm=wa', 'path=/x', '/etc/x', 'uid!=euid', 'arch=b64', '\\ ', '\\', '=', '\udcff'],
  )
  const line = fc.oneof(
    fc.array(word, { maxLength: 8 }).map(words => words.join(' ')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), lines => {
      const text = lines.join('\n')
      const count = text.split('\n').length
      return parseAuditRules(text).length <= count && parseLoadedRules(text).length <= count
    }),
    { numRuns: 2000 },
  )
})

t.test('a loaded rule that was cut off in the middle of an option is malformed', t => {
  t.same(parseLoadedRules('-w /etc/passwd -"rest of it'), [{ line: 1, kind: 'malformed' }])
  t.same(parseLoadedRules('-w /etc/passwd -'), [{ line: 1, kind: 'malformed' }])
  t.match(parseLoadedRules('-w /etc/pass-wd -p wa -k identity'), [{ kind: 'rule' }])
  t.end()
})
