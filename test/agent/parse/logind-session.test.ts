// Tests of sessions as systemd-logind 252 and 257 write them.
import fc from 'fast-check'
import t from 'tap'
import { parseLogindSession } from '../../../agent/parse/logind-session.ts'

const remote = `# This is private data. Do not parse.
UID=1000
USER=alice
ACTIVE=1
IS_DISPLAY=0
STATE=active
REMOTE=1
TYPE=tty
ORIGINAL_TYPE=tty
CLASS=user
SCOPE=session-5.scope
FIFO=/run/systemd/sessions/5.ref
TTY=pts/0
TTY_VALIDITY=from-pam
REMOTE_HOST=10.0.2.2
SERVICE=sshd
LEADER=812
AUDIT=5
REALTIME=1795304131123456
MONOTONIC=123456789
`

t.test('a session over ssh', async t => {
  t.strictSame(parseLogindSession(remote), {
    ...{ user: 'alice', leader: 812, line: 'pts/0', from: '10.0.2.2', since: 1_795_304_131 },
  })
})

t.test('without a terminal the service is told, a local one has no host', async t => {
  const local = remote.replace(/TTY=.*\n/, '').replace('REMOTE=1', 'REMOTE=0')
  t.match(parseLogindSession(local), { line: 'sshd', from: '' })
})

t.test('greeters, managers and ended sessions are nobody who is logged in', async t => {
  for (const name of ['greeter', 'lock-screen', 'background', 'manager', 'manager-early', 'none']) {
    t.equal(parseLogindSession(remote.replace('CLASS=user', `CLASS=${name}`)), undefined, name)
  }
  t.equal(parseLogindSession(remote.replace('STATE=active', 'STATE=closing')), undefined)
  t.match(parseLogindSession(remote.replace('CLASS=user\n', '')), { user: 'alice' })
})

t.test('every prefix, carriage returns and any text are survived', async t => {
  for (let end = 0; end < remote.length; end++) {
    const session = parseLogindSession(remote.slice(0, end))
    t.ok(session === undefined || session.since === 1_795_304_131 || session.since > 0)
  }
  t.equal(parseLogindSession(remote.replaceAll('\n', '\r\n')), undefined)
  t.equal(parseLogindSession(`USER=${'x'.repeat(10_000)}\nREALTIME=1795304131123456\n`), undefined)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const session = parseLogindSession(text)
      t.ok(session === undefined || session.user !== '')
    }),
    { numRuns: 200 },
  )
})
