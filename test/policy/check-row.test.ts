import t from 'tap'
import type { CheckTest } from '../../policy/check.ts'
import { judgeRow, rowFailures, rowProblems } from '../../policy/check-row.ts'
import { createEngine } from '../../policy/engine.ts'
import { facets } from '../../proto/facets.generated.ts'

const row = (facts: CheckTest['facets'], more: Partial<CheckTest> = {}): CheckTest => ({
  name: 'row',
  facets: facts,
  expect: 'pass',
  ...more,
})
const problems = (facts: CheckTest['facets']) => rowProblems(facets, row(facts))

t.test('a row gives only the fields that its check reads', async t => {
  t.same(
    problems({ host: {}, ports: { listeners: [{ port: 22 }], observations: { ephemeralUdp: 1 } }, kubelet: 'absent' }),
    [],
  )
  t.same(
    problems({ kubelet: { kubelets: [{ settings: { anonymousAuth: { value: true } } }], gaps: [{ field: 'x' }] } }),
    [],
  )
})

t.test('what is no part of a facet is told with the name that was meant', async t => {
  t.same(problems({ prots: {} }), ['there is no facet "prots", did you mean "ports"?'])
  t.same(problems({ ports: { listeners: [{ prt: 22 }] } }), [
    'ports.listeners[0] has no field "prt", did you mean "port"?',
  ])
  t.same(problems({ host: { hostnam: 'a' } }), ['host has no field "hostnam", did you mean "hostname"?'])
})

t.test('values have the types of the schema', async t => {
  t.same(problems({ ports: { listeners: [{ port: '22' }] } }), ['ports.listeners[0].port must be int'])
  t.same(problems({ ports: { listeners: [{ port: 2.5 }] } }), ['ports.listeners[0].port must be int'])
  t.same(problems({ ports: { listeners: [{ scope: 'everywhere' }] } }), [
    'ports.listeners[0].scope must be one of loopback, link, any, specific',
  ])
  t.same(problems({ ports: { listeners: {} } }), ['ports.listeners must be a list'])
  t.same(problems({ host: { kernel: 'x', hostname: true } }), [
    'host.kernel must be a record',
    'host.hostname must be string',
  ])
})

t.test('a row is judged at its time, with its parameters and facet states', async t => {
  const check = {
    id: 'check',
    title: '',
    severity: 'low',
    pass: 'daysSince(host.os.supportEndsOn) <= params.grace && ports.gaps.size() == 0 && ports.observations.ephemeralUdp == 1',
    evidence: '["late"]',
    rationale: '',
    remediation: '',
    references: [],
    parameters: { grace: 0 },
    tests: [],
  } as const
  const engine = createEngine({ checks: [check], profiles: [], digest: '' }, facets)
  const state = (one: CheckTest) => judgeRow(engine, facets, check, one)?.state
  const host = { os: { supportEndsOn: '2026-06-15' } }
  const ports = { observations: { ephemeralUdp: 1 } }
  t.equal(state(row({ host, ports })), 'pass')
  t.equal(state(row({ host, ports }, { now: '2026-06-16T00:00:00Z' })), 'fail')
  t.equal(state(row({ host, ports }, { now: '2026-06-16T00:00:00Z', parameters: { grace: 1 } })), 'pass')
  t.equal(state(row({ host })), 'error', 'a facet that is not in the row was not sent')
  t.equal(state(row({ host, ports: 'absent' })), 'not_applicable')
  t.equal(state(row({ host, ports: 'unreadable' })), 'error')
  t.equal(state(row({ host, ports: 'error' })), 'error')
})

t.test('a row tells how a result differs from what it expects', async t => {
  const result = {
    check: 'a',
    state: 'fail',
    reason: '',
    evidence: ['port 80'],
    remediation: 'Stop `x`.',
    facets: [],
  } as const
  const row = { name: 'r', facets: {}, expect: 'fail', evidence: ['80'], remediation: ['x'] } as const
  t.same(rowFailures(row, result), [])
  t.same(rowFailures({ ...row, expect: 'pass' }, result), ['expected pass, found fail: port 80'])
  t.same(rowFailures({ ...row, evidence: ['443'], remediation: ['y'] }, result), [
    'no evidence has "443", found ["port 80"]',
    'the remediation has no "y", found "Stop `x`."',
  ])
  t.same(rowFailures(row, { ...result, state: 'error', reason: 'not known', evidence: [] }), [
    'expected fail, found error: not known',
    'no evidence has "80", found []',
  ])
  t.same(rowFailures(row, undefined), ['there is no result'])
})
