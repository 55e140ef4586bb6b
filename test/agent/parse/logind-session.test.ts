// Tests of sessions as systemd-logind 252 and 257 write them.
import { deepEqual } from 'node:assert/strict'
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

t.test('values are whole: numbers of digits alone, and none that is over-long', async t => {
  const session = (lines: string) => parseLogindSession(`USER=alice\nREALTIME=1795304131123456\n${lines}\n`)
  const since = 1_795_304_131
  t.strictSame(session(''), { user: 'alice', leader: 0, line: '', from: '', since })
  for (const leader of ['x12', '12x', '0', '012', '1234567890', ''])
    t.equal(session(`LEADER=${leader}`)?.leader, 0, leader)
  for (const time of ['x1795304131123456', '1795304131123456x', '12345678901234', '123456789012345678', ''])
    t.equal(session(`REALTIME=${time}`), undefined, time)
  t.equal(session(`TTY=${'x'.repeat(255)}`)?.line.length, 255)
  t.equal(session(`TTY=${'x'.repeat(256)}`)?.line, '')
  t.equal(session('=x\nTTY')?.line, '')
  for (const kind of ['', 'user', 'user-early', 'user-light']) t.ok(session(`CLASS=${kind}`), kind)
})

t.test('any session is read from lines in any order', async () => {
  const word = fc.stringMatching(/^[a-z0-9./=:-]{1,12}$/)
  const model = fc.record({
    user: word,
    leader: fc.integer({ min: 1, max: 999_999_999 }),
    tty: fc.option(word),
    service: word,
    host: word,
    remote: fc.boolean(),
    since: fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }),
  })
  fc.assert(
    fc.property(
      model,
      fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
      ({ user, leader, tty, service, host, remote, since }, order) => {
        const lines = [
          ...[
            `USER=${user}`,
            `LEADER=${leader}`,
            `SERVICE=${service}`,
            `REMOTE_HOST=${host}`,
            `REMOTE=${Number(remote)}`,
          ],
          ...[`REALTIME=${since}654321`, tty === null ? '# none' : `TTY=${tty}`],
        ]
        const mixed = lines
          .map((line, index) => ({ line, at: order[index] ?? 0 }))
          .sort((one, other) => one.at - other.at)
        deepEqual(parseLogindSession(mixed.map(({ line }) => line).join('\n')), {
          user,
          leader,
          line: tty ?? service,
          from: remote ? host : '',
          since,
        })
      },
    ),
  )
})
