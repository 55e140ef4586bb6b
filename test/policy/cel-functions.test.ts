import t from 'tap'
import { createCelEnvironment } from '../../policy/cel-environment.ts'

const environment = createCelEnvironment([])
const noon = Date.parse('2026-06-15T12:00:00Z')

function run(source: string, nowMs = noon): unknown {
  environment.clock.nowMs = nowMs
  environment.clock.changesAtMs = Number.POSITIVE_INFINITY
  return environment.compile(source, 'value').evaluate({ now: environment.now })
}

/** When the value of an expression may change, as ISO 8601, or empty. */
function changes(source: string, nowMs = noon): string {
  run(source, nowMs)
  const { changesAtMs } = environment.clock
  return Number.isFinite(changesAtMs) ? new Date(changesAtMs).toISOString() : ''
}

t.test('now compares with moments', async t => {
  t.equal(run('now < date("2026-06-15T12:00:01Z")'), true)
  t.equal(run('now < date("2026-06-15T12:00:00Z")'), false)
  t.equal(run('now <= date("2026-06-15T12:00:00Z")'), true)
  t.equal(run('now > date("2026-06-15T12:00:00Z")'), false)
  t.equal(run('now >= date("2026-06-15T14:00:00+02:00")'), true)
  t.equal(run('date("2026-06-16") > now'), true)
  t.equal(run('date("2026-06-15T12:00:00Z") >= now'), true)
  t.equal(run('date("2026-06-15") < now'), true)
  t.equal(run('date("2026-06-15T12:00:00Z") <= now'), true)
  t.equal(run('date("2026-06-15T12:00:00Z") + duration("1h") > now'), true)
})

t.test('a comparison turns out otherwise at the very millisecond that was noted, and not before', async t => {
  const moment = 'date("2026-06-20T10:00:00Z")'
  for (const source of [
    `now < ${moment}`,
    `now <= ${moment}`,
    `now > ${moment}`,
    `now >= ${moment}`,
    `${moment} < now`,
    `${moment} <= now`,
    `${moment} > now`,
    `${moment} >= now`,
  ]) {
    const value = run(source)
    const at = Date.parse(changes(source))
    t.equal(run(source, at - 1), value, `${source}: the same just before`)
    t.not(run(source, at), value, `${source}: other at that time`)
    t.equal(changes(source, at), '', `${source}: never again`)
  }
})

t.test('of several moments the earliest counts, and one that is past does not', async t => {
  t.equal(changes('now < date("2027-01-01") && now < date("2026-07-01")'), '2026-07-01T00:00:00.000Z')
  t.equal(changes('now > date("2020-01-01")'), '')
  t.equal(changes('date("2027-01-01") > date("2026-01-01")'), '', 'two fixed moments never change')
})

t.test('days are counted by the calendar', async t => {
  t.equal(run('daysUntil("2026-06-15")'), 0n)
  t.equal(run('daysUntil("2026-07-15")'), 30n)
  t.equal(run('daysUntil("2026-06-14")'), -1n)
  t.equal(run('daysSince("2026-06-01")'), 14n)
  t.equal(run('daysUntil("2026-06-16T23:59:59Z")'), 1n)
})

t.test('a count of days changes at midnight UTC', async t => {
  t.equal(changes('daysUntil("2026-07-15")'), '2026-06-16T00:00:00.000Z')
  t.equal(changes('daysSince("2020-01-01")'), '2026-06-16T00:00:00.000Z')
  const at = Date.parse('2026-06-16T00:00:00Z')
  t.equal(run('daysUntil("2026-07-15")', at - 1), 30n)
  t.equal(run('daysUntil("2026-07-15")', at), 29n)
  t.equal(changes('daysUntil("2026-07-15")', at), '2026-06-17T00:00:00.000Z')
})

t.test('what is no date is an error', async t => {
  for (const text of [
    '',
    'unknown',
    '2026-02-30',
    '2026-13-01',
    '2026-6-1',
    '1',
    '2026-06-15 12:00:00',
    '2026-06-15T12:00:00',
  ]) {
    t.throws(() => run(`daysUntil("${text}")`), /not a date/, text)
    t.throws(() => run(`date("${text}") < now`), /not a date/, text)
  }
})

t.test('modes are octal, and one is within another when it has no bit more', async t => {
  t.equal(run('octal("0644")'), 420n)
  t.equal(run('octal("4755")'), 2541n)
  t.equal(run('modeWithin("0600", "0640")'), true)
  t.equal(run('modeWithin("0640", "0640")'), true)
  t.equal(run('modeWithin("0604", "0640")'), false)
  t.equal(run('modeWithin("0400", "0037")'), false, 'a smaller number is not within')
  t.equal(run('modeWithin("4600", "0777")'), false, 'setuid is a bit too')
  for (const text of ['', '0648', 'rw', '-1', '0x1f'])
    t.throws(() => run(`octal("${text}")`), /not an octal mode/, text)
})

t.test('bits', async t => {
  t.equal(run('bitAnd(4097, 4096)'), 4096n)
  t.equal(run('bitAnd(4096, 1)'), 0n)
})

t.test('versions are compared number by number', async t => {
  t.equal(run('versionAtLeast("1.30.2", "1.9")'), true)
  t.equal(run('versionAtLeast("1.30", "1.30.0")'), true)
  t.equal(run('versionAtLeast("1.30", "1.30.1")'), false)
  t.equal(run('versionAtLeast("v1.29.6-eks-1552ad0", "1.29.6")'), true)
  t.equal(run('versionAtLeast("6.1.0-18-amd64", "6.2")'), false)
  for (const text of ['', 'latest', '.1']) t.throws(() => run(`versionAtLeast("${text}", "1")`), /not a version/, text)
})

t.test('scopes of addresses', async t => {
  t.equal(run('addressScope("10.1.2.3")'), 'private')
  t.throws(() => run('addressScope("here")'), /not an IP address/)
})
