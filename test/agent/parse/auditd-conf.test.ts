// Tests of the auditd.conf parser.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseAuditdConf } from '../../../agent/parse/auditd-conf.ts'
import { judgesLinesAlone } from '../../damaged-text.ts'

t.test('keys are not case-sensitive, the last one wins, blanks go', async t => {
  const text =
    '#\n# x\nlog_file = /var/log/audit/audit.log\nMax_Log_File=8\nspace_left = 75\nspace_left =  25%  \n##name = x\n'
  t.strictSame(Object.fromEntries(parseAuditdConf(text).values), {
    log_file: '/var/log/audit/audit.log',
    max_log_file: '8',
    space_left: '25%',
  })
})

t.test('what auditd refuses is told by line', async t => {
  t.strictSame(parseAuditdConf('log_file\n= x\nnum_logs =\nok = 1\n').malformed, [1, 2, 3])
})

t.test('a key is one word at the beginning, its value is the rest of the line', async t => {
  t.strictSame([...parseAuditdConf('  action_mail_acct =  root mail \t\n').values], [['action_mail_acct', 'root mail']])
  t.strictSame([...parseAuditdConf('name = a#\n').values], [['name', 'a#']], 'no comment at the end')
  t.strictSame(parseAuditdConf('two words = 1\n-x = 2\nnum_logs 5\n').malformed, [1, 2, 3])
  t.strictSame(parseAuditdConf('# x = 1\n\n  # y\n').malformed, [])
})

t.test('carriage returns, prefixes and any text are survived', async t => {
  t.strictSame([...parseAuditdConf('num_logs = 5\r\nwrite_logs = yes\r\n').values.values()], ['5', 'yes'])
  t.equal(parseAuditdConf('').values.size, 0)
  const text = 'space_left_action = EXEC /usr/local/bin/x\n'
  for (let length = 0; length <= text.length; length++) t.ok(parseAuditdConf(text.slice(0, length)).values.size <= 1)
  t.equal(parseAuditdConf(`a = ${' '.repeat(1 << 20)}`).malformed.length, 1)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), any => {
      const { values, malformed } = parseAuditdConf(any)
      return values.size + malformed.length <= any.split('\n').length
    }),
  )
})

t.test('any settings are read in each way to write them, and a line is judged by itself', async () => {
  judgesLinesAlone(parseAuditdConf, '# x\nlog_file = /var/log/audit/audit.log\nMax_Log_File=8\nnum_logs\nname = a b \n')
  const key = fc.stringMatching(/^[a-z_0-9]{1,8}$/)
  const value = fc.stringMatching(/^[!-~](?:[ -~]{0,8}[!-~])?$/)
  const sign = fc.constantFrom('=', ' = ', '\t=  ')
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.boolean(), sign, value)), settings => {
      const lines = settings.map(
        ([name, upper, equals, text]) => `${upper ? name.toUpperCase() : name}${equals}${text}`,
      )
      const { values, malformed } = parseAuditdConf(lines.join(' \r\n'))
      deepEqual([values, malformed], [new Map(settings.map(([name, , , text]) => [name, text])), []])
    }),
  )
})
