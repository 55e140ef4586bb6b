// Tests of how the engine judges a check: every state with its reason, evidence, remediation and time.
import t from 'tap'
import type { Check } from '../../policy/check.ts'
import { createEngine, type Evaluation } from '../../policy/engine.ts'
import type { FacetState, Gap, JsonObject } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { absent, catalogOf, check, engineOf, listener, now, present, states } from './small-engine.ts'

const failed = (facet: string, state: 'unreadable' | 'error', code: string, detail = ''): FacetState => ({
  facet,
  schemaVersion: 1,
  state,
  digest: '',
  reason: { code, detail },
})
const gap = (field: string, effect: Gap['effect'], more: Partial<Gap> = {}): Gap => ({
  field,
  effect,
  source: '/proc/net/tcp6',
  state: 'unreadable',
  detail: 'EACCES',
  ...more,
})

/** The result of one check over these facets. */
function judge(one: Check, list: readonly FacetState[], more: Partial<Evaluation> = {}) {
  const [result] = engineOf(one).evaluate({ facets: states(...list), now, ...more })
  if (!result) throw new Error('no result')
  return result
}
const verdict = (one: Check, ...list: FacetState[]) => {
  const { state, reason } = judge(one, list)
  return reason === '' ? state : `${state}: ${reason}`
}

const open = check('no-open-port', {
  pass: 'ports.listeners.all(l, l.scope != "any")',
  evidence: 'ports.listeners.filter(l, l.scope == "any").map(l, l.address + ":" + string(l.port))',
  remediation: 'Stop `systemctl stop {{ ports.listeners.filter(l, l.scope == "any").map(l, l.service) }}`.',
})

t.test('a pass has no evidence, a fail has evidence and a remediation for this host', async t => {
  t.same(judge(open, [present('ports', { listeners: [listener(22, 'loopback')] })]), {
    check: 'no-open-port',
    state: 'pass',
    reason: '',
    evidence: [],
    remediation: '',
    facets: ['ports'],
  })
  t.same(judge(open, [present('ports', { listeners: [listener(22), listener(80, 'any', { service: 'a b' })] })]), {
    check: 'no-open-port',
    state: 'fail',
    reason: '',
    evidence: ['0.0.0.0:22', '0.0.0.0:80'],
    remediation: "Stop `systemctl stop x 'a b'`.",
    facets: ['ports'],
  })
})

t.test('a component that is missing makes a check not applicable', async t => {
  t.equal(verdict(open, absent('ports', 'notInstalled')), 'not_applicable: ports: not installed')
  t.equal(
    verdict(open, absent('ports', 'notInstalled', 'no such file')),
    'not_applicable: ports: not installed: no such file',
  )
  t.equal(verdict(open, absent('ports', 'offlineRoot', 'offline root')), 'not_applicable: ports: offline root')
})

t.test('a facet that was switched off leaves its checks to people', async t => {
  t.equal(verdict(open, absent('ports', 'disabled', 'not walked')), 'manual: ports: not looked at: not walked')
})

t.test('missing knowledge is an error with its reason', async t => {
  t.equal(verdict(open), 'error: ports: the agent did not send it')
  t.equal(
    verdict(open, failed('ports', 'unreadable', 'EACCES', 'needs SYS_PTRACE')),
    'error: ports: could not be read (EACCES): needs SYS_PTRACE',
  )
  t.equal(
    verdict(open, failed('ports', 'error', 'timeout', 'after 10 s')),
    'error: ports: the probe failed (timeout): after 10 s',
  )
})

t.test('of several facets that have no facts, an absent one goes first', async t => {
  const both = check('x', { pass: 'host.hostname != "" && ports.listeners.size() == 0' })
  t.equal(
    verdict(both, failed('host', 'error', 'x'), absent('ports', 'notInstalled')),
    'not_applicable: ports: not installed',
  )
})

t.test('a condition that does not hold makes a check not applicable, whatever its other facets are', async t => {
  const one = check('x', { ...open, applies: 'host.kubernetesRoles.size() > 0' })
  const node = present('host', { kubernetesRoles: ['worker'] })
  const bare = present('host', { kubernetesRoles: [] })
  t.equal(verdict(one, bare), 'not_applicable: host.kubernetesRoles is empty')
  t.equal(verdict(one, node), 'error: ports: the agent did not send it')
  t.equal(verdict(one, present('ports', { listeners: [] })), 'error: host: the agent did not send it')
  t.equal(verdict(one, node, present('ports', { listeners: [] })), 'pass')
  t.same(judge(one, [bare]).facets, ['host', 'ports'])
})

t.test('an unknown field is an error that names the gap', async t => {
  const rows = [{ port: 22 }]
  const ports = (...gaps: Gap[]) => present('ports', { listeners: rows, gaps })
  t.equal(verdict(open, ports()), 'error: agent too old: does not send ports.listeners.scope')
  const source = '/proc/net/tcp6 unreadable (EACCES)'
  t.equal(verdict(open, ports(gap('listeners.scope', 'omitted'))), `error: ports.listeners.scope is unknown: ${source}`)
  t.equal(verdict(open, ports(gap('listeners', 'omitted'))), `error: ports.listeners.scope is unknown: ${source}`)
  t.equal(
    verdict(open, ports(gap('listeners.scopes', 'omitted'))),
    'error: agent too old: does not send ports.listeners.scope',
    'a gap of a field with a longer name says nothing',
  )
  t.equal(
    verdict(open, ports(gap('listeners.scope', 'omitted'), gap('listeners.scope', 'omitted', { source: '/b' }))),
    `error: ports.listeners.scope is unknown: ${source} and 1 more`,
  )
})

t.test('what an offline root cannot tell does not apply to it', async t => {
  const offline = gap('kernel', 'omitted', { source: '/proc', state: 'unavailable', detail: 'offline root' })
  const kernel = check('x', { pass: 'host.kernel.release != ""' })
  t.equal(
    verdict(kernel, present('host', { gaps: [offline] })),
    'not_applicable: host.kernel is unknown: /proc unavailable (offline root)',
  )
  t.match(verdict(kernel, present('host', { gaps: [{ ...offline, detail: 'no permission' }] })), /^error: /)
})

t.test('what is read only when somebody asks is for somebody to ask', async t => {
  const kernel = check('x', { pass: 'host.kernel.release != ""', evidence: '[]' })
  const asked = { ...gap('kernel', 'omitted'), state: 'unavailable', detail: 'not walked: ask for it' }
  t.equal(verdict(kernel, present('host', { gaps: [asked] })), 'manual: host.kernel is unknown: not walked: ask for it')
  t.match(verdict(kernel, present('host', { gaps: [{ ...asked, state: 'timedOut' }] })), /^error: /)
})

t.test('a list that may lack rows cannot pass, and fails only on evidence', async t => {
  const ports = (field: string, ...rows: JsonObject[]) =>
    present('ports', { listeners: rows, gaps: [gap(field, 'incomplete')] })
  const incomplete = 'error: ports.listeners is incomplete: /proc/net/tcp6 unreadable (EACCES)'
  t.equal(verdict(open, ports('listeners', listener(22, 'loopback'))), incomplete)
  t.equal(verdict(open, ports('listeners', listener(22))), 'fail')
  t.equal(verdict(open, ports('gaps', listener(22, 'loopback'))), 'pass', 'a list that the check does not read')
  const wanted = check('x', { pass: 'ports.listeners.exists(l, l.port == 22)', evidence: '[]' })
  t.equal(verdict(wanted, ports('listeners', listener(80))), incomplete, 'a fail without evidence')
  t.equal(verdict(wanted, ports('listeners', listener(22))), incomplete)
})

t.test('a condition over a list that may lack rows does not rule a check out', async t => {
  const one = check('x', { applies: 'host.containerRuntimes.exists(r, r == "docker")', pass: 'true' })
  const host = (...containerRuntimes: string[]) =>
    present('host', { containerRuntimes, gaps: [gap('containerRuntimes', 'incomplete')] })
  t.match(verdict(one, host()), /^error: host\.containerRuntimes is incomplete/)
  t.equal(verdict(one, host('docker')), 'pass')
})

t.test('a manual check says what to look at, where it applies', async t => {
  const one = check('x', { manual: 'Look.', applies: 'host.hostname == "a"' })
  t.equal(verdict(one, present('host', { hostname: 'a' })), 'manual: Look.')
  t.match(verdict(one, present('host', { hostname: 'b' })), /^not_applicable/)
})

t.test('evidence is bounded and cannot move a terminal', async t => {
  const listeners = Array.from({ length: 120 }, (_, port) => listener(port, 'any', { address: `${'x'.repeat(400)}\n` }))
  const { evidence } = judge(open, [present('ports', { listeners })])
  t.equal(evidence.length, 51)
  t.equal(evidence.at(-1), '… and 70 more')
  t.ok(evidence.every(line => line.length <= 300))
  const [line] = judge(open, [present('ports', { listeners: [listener(1, 'any', { address: '\u001b[2J' })] })]).evidence
  t.equal(line, '\\x1b[2J:1')
})

t.test('a fail whose evidence cannot be told still fails, and says so', async t => {
  const one = check('x', { ...open, evidence: 'ports.listeners.map(l, l.holders[0].process)' })
  const { state, evidence } = judge(one, [
    present('ports', { listeners: [listener(22)], gaps: [gap('listeners.holders', 'omitted', { source: '/proc' })] }),
  ])
  t.equal(state, 'fail')
  t.same(evidence, ['evidence is not known: ports.listeners.holders is unknown: /proc unreadable (EACCES)'])
})

t.test('a remediation whose values cannot be told still says what to do', async t => {
  const one = check('x', { ...open, remediation: 'Stop it: `kill {{ ports.localPortRange.low }}`.' })
  const { remediation } = judge(one, [present('ports', { listeners: [listener(22)] })])
  t.equal(remediation, 'Stop it: (command left out: a value of this host is unknown).')
})

t.test('host data of any form is that check’s error and no other’s', async t => {
  const engine = engineOf(open, check('date', { pass: 'daysUntil(host.os.supportEndsOn) > 0' }), check('fine'))
  const nasty: readonly JsonObject[] = [
    { listeners: 'text' },
    { listeners: [1, 'a', [], {}] },
    { listeners: [{ scope: 1 }] },
    { listeners: {}, gaps: 'none' },
    JSON.parse('{"listeners":[null],"gaps":[null,{"field":1}]}'),
    JSON.parse('{"__proto__":{"listeners":[]}}'),
  ]
  for (const facts of nasty) {
    const host = present('host', { os: { supportEndsOn: '\u001b[2J' } })
    const results = engine.evaluate({ facets: states({ ...present('ports', {}), facts } as FacetState, host), now })
    t.same(
      results.map(result => result.state),
      ['error', 'error', 'pass'],
      JSON.stringify(facts),
    )
    t.ok(results.every(result => !/[\u0000-\u001f]/.test(result.reason) && result.reason.length <= 300))
  }
})

t.test('what a host calls its facets and absences changes nothing else', async t => {
  const engine = engineOf(open, check('time', { pass: 'now > date("2020-01-01")' }))
  const odd = absent('ports', 'constructor' as 'disabled')
  const facets = new Map([...states(odd), ['now', present('now', {})], ['params', present('x', {})]] as const)
  t.match(engine.evaluate({ facets, now }), [
    { state: 'not_applicable', reason: 'ports: not supported' },
    { state: 'pass' },
  ])
})

t.test('a mistake in a catalog that was said to be sound is the error of its check', async t => {
  const wrong = check('wrong', { pass: 'ports.listenrs.size() == 0' })
  const engine = createEngine(catalogOf([wrong, check('fine')]), facets, { verified: true })
  const [first, second] = engine.evaluate({ facets: states(present('ports', { listeners: [] })), now })
  t.match(first, { state: 'error', reason: 'evaluation failed: No such key: listenrs, did you mean "listeners"?' })
  t.match(second, { state: 'pass' })
})

t.test('a result is valid until the first moment at which time may change it', async t => {
  const pass = 'host.os.supportEndsOn == "unknown" || date(host.os.supportEndsOn) + duration("24h") > now'
  const one = check('x', { pass })
  const on = (supportEndsOn: string, at = now) => judge(one, [present('host', { os: { supportEndsOn } })], { now: at })
  t.match(on('2026-06-30'), { state: 'pass', validUntil: '2026-07-01T00:00:00.000Z' })
  t.match(on('2026-06-30', new Date('2026-07-01T00:00:00Z')), { state: 'fail' })
  t.notOk('validUntil' in on('2020-01-01'), 'what is past stays past')
  t.notOk('validUntil' in on('unknown'), 'a moment that was not compared does not count')
  const engine = engineOf(one, check('timeless'))
  const [, timeless] = engine.evaluate({
    facets: states(present('host', { os: { supportEndsOn: '2026-06-30' } })),
    now,
  })
  t.notOk(timeless && 'validUntil' in timeless, 'one check’s time is not the next one’s')
})
