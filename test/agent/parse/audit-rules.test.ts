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

const fieldsOf = (text: string) => {
  const rule = ruleOf(text)
  return typeof rule === 'object' ? rule.fields.map(({ name, op, value }) => `${name}${op}${value}`) : rule
}

t.test('a path with a permission is a watch only where nothing else is asked', async t => {
  const watch = ['watch=/x', 'perm=r']
  t.strictSame(fieldsOf('-a always,exit -F path=/x -F perm=r'), watch)
  t.strictSame(fieldsOf('-a always,exit -F dir=/x/ -F perm=r'), watch)
  const rule = ['path=/x', 'perm=r']
  t.strictSame(fieldsOf('-a never,exit -F path=/x -F perm=r'), rule)
  t.strictSame(fieldsOf('-a always,io_uring -F path=/x -F perm=r'), rule)
  t.strictSame(fieldsOf('-a always,exit -S open -F path=/x -F perm=r'), rule)
  t.strictSame(fieldsOf('-a always,exit -C uid!=euid -F path=/x -F perm=r'), rule)
  t.strictSame(fieldsOf('-a always,exit -F path!=/x -F perm=r'), ['path!=/x', 'perm=r'])
  t.strictSame(fieldsOf('-a always,exit -F path=/x'), ['path=/x'])
  t.strictSame(fieldsOf('-a always,exit -F exe=/x -F perm=r'), ['exe=/x', 'perm=r'])
})

t.test('slashes at the end of a watched path say nothing', async t => {
  t.strictSame(fieldsOf('-w /etc/x///'), ['watch=/etc/x', 'perm=rwxa'])
  t.strictSame(fieldsOf('-w /'), ['watch=/', 'perm=rwxa'])
  t.strictSame(fieldsOf('-w ///'), ['watch=/', 'perm=rwxa'])
  t.strictSame(fieldsOf('-a always,exit -F dir=/x/ -F auid=0'), ['dir=/x', 'auid=0'])
  t.strictSame(fieldsOf('-a always,exit -F path=/x/ -F auid=0'), ['path=/x', 'auid=0'])
  t.strictSame(fieldsOf('-a always,exit -F exe=/x/ -F auid=0'), ['exe=/x/', 'auid=0'])
})

t.test('keys come from -k and from -F key=, a rule of -A goes first', async t => {
  t.match(ruleOf('-w /x -k key=y'), { keys: ['key=y'], first: false })
  t.match(ruleOf('-A always,exit -S open -F key=y -k x'), { keys: ['x', 'y'], first: true })
  t.match(ruleOf('-A always,exit -F loginuid=0'), { fields: [{ name: 'auid' }], first: true })
})

t.test('every setting of the audit system is a line of its own', async t => {
  const lines = ['-r 100', '-r100', '-t', '--reset-lost', '--reset_backlog_wait_time_actual', '--loginuid-immutable']
  t.strictSame(
    parseAuditRules(lines.join('\n')).map(line => (line.kind === 'control' ? [line.option, line.value] : line)),
    [
      ['-r', '100'],
      ['-r', '100'],
      ['-t', ''],
      ['--reset-lost', ''],
      ['--reset_backlog_wait_time_actual', ''],
      ['--loginuid-immutable', ''],
    ],
  )
  t.match(parseAuditRules('-D'), [{ kind: 'deleteAll', key: '' }])
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
    ...['-b 1x', '-b x1', '-e 1 -b 2', '-k lonely', '-S open -F auid=0'],
    ...['-w /etc/x -p wz', '-w /etc/x -p zw', '-w /etc/x -p rwxax'],
    ...[
      '-a always,exit -S open -p wa',
      '-a always,exit -w /etc/x',
      '-a always,exit -S open-x',
      '-a always,exit -S op,',
    ],
    ...[
      '-a always,exit -F auid=',
      '-a always,exit -F Xauid=1',
      '-a always,exit -F perm=z',
      '-a always,exit -F perm=wax2',
    ],
    ...['-a always,exit -F dir=relative', '-a always,exit -F exe=relative'],
    ...['-a always,exit -C uid!=euid2', '-a always,exit -C 2uid!=euid', '-a always,exit -C uid!='],
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
  t.match(parseLoadedRules(' -p wa-w /etc/x'), [{ rule: { fields: [{ value: '/etc/x' }, { value: 'wa' }], keys: [] } }])
  t.match(parseLoadedRules('  -w /etc/x -p wa  \n'), [{ rule: { fields: [{ value: '/etc/x' }, { value: 'wa' }] } }])
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
