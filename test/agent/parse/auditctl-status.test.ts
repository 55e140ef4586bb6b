// Tests of the parser of auditctl's status.
import fc from 'fast-check'
import t from 'tap'
import { parseAuditctlStatus } from '../../../agent/parse/auditctl-status.ts'
import { fixtureCommand } from '../../fixture-host.ts'

t.test('the recorded status is read', async t => {
  const wanted = { enabled: 1, failure: 1, backlogLimit: 8192, lost: 0, backlog: 0 }
  t.strictSame(parseAuditctlStatus(fixtureCommand('debian12-vm', 'auditctl-status')), wanted)
})

t.test('the one line of old versions is read', async t => {
  const old = 'AUDIT_STATUS: enabled=2 flag=1 pid=250 rate_limit=0 backlog_limit=320 lost=17 backlog=3\n'
  t.strictSame(parseAuditctlStatus(old), { enabled: 2, failure: 1, backlogLimit: 320, lost: 17, backlog: 3 })
})

t.test('a status without one of its settings is none, without counts they are zero', async t => {
  t.strictSame(parseAuditctlStatus('enabled 1\nfailure 2\nbacklog_limit 64\n'), {
    enabled: 1,
    failure: 2,
    backlogLimit: 64,
    lost: 0,
    backlog: 0,
  })
  t.equal(parseAuditctlStatus('failure 1\nbacklog_limit 64\n'), undefined)
  t.equal(parseAuditctlStatus('enabled 1\nbacklog_limit 64\n'), undefined)
  t.equal(parseAuditctlStatus('enabled 1\nfailure 1\n'), undefined)
  t.equal(parseAuditctlStatus('not_enabled 1\nfailure 1\nbacklog_limit 64\n'), undefined, 'another name')
  t.equal(parseAuditctlStatus('enabled 1x\nfailure 1\nbacklog_limit 64\n'), undefined, 'no number')
})

t.test('other text, prefixes and carriage returns', async t => {
  t.equal(parseAuditctlStatus(''), undefined)
  t.equal(parseAuditctlStatus('The audit system is disabled\n'), undefined)
  t.match(parseAuditctlStatus('enabled 1\r\nfailure 1\r\nbacklog_limit 64\r\n'), { backlogLimit: 64 })
  const text = fixtureCommand('debian12-vm', 'auditctl-status')
  for (let length = 0; length < text.length; length++) {
    const status = parseAuditctlStatus(text.slice(0, length))
    t.ok(status === undefined || status.enabled === 1)
  }
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), any => parseAuditctlStatus(any) === undefined))
})
