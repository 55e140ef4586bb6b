// Metrics of one host: valid text, counts that add up, findings worst first and bounded.
import t from 'tap'
import type { Check, Result } from '../../policy/check.ts'
import { score } from '../../policy/score.ts'
import { renderPrometheus } from '../../report/prometheus.ts'
import { parsePrometheus } from '../prometheus-text.ts'

function check(id: string, severity: Check['severity']): Check {
  return {
    ...{
      id,
      severity,
      title: id,
      rationale: '',
      remediation: '',
      references: [],
      parameters: {},
      tests: [],
      pass: 'true',
    },
  }
}
const result = (check: string, state: Result['state']): Result => ({
  ...{ check, state, reason: '', evidence: [], remediation: '', facets: [] },
})

const checks = [check('a', 'low'), check('b', 'critical'), check('c', 'high'), check('d', 'high')]
const results = [result('a', 'fail'), result('b', 'fail'), result('c', 'pass'), result('d', 'error')]
const judgement = { atMs: 1_795_000_000_999, score: score(results, checks), results, checks }
const probes = [
  { probe: 'ports', state: 'present', durationMs: 12 },
  { probe: 'kubelet', state: 'absent', durationMs: 1500 },
] as const

const samples = parsePrometheus(renderPrometheus({ version: '1.2.3', probes, judgement }))
const named = (name: string) => samples.filter(sample => sample.name === name)
const value = (name: string, labels: Readonly<Record<string, string>> = {}) =>
  named(name).find(sample => Object.entries(labels).every(([key, text]) => sample.labels[key] === text))?.value

t.test('results are counted by state and severity, each pair once', async t => {
  t.equal(named('gabion_host_results').length, 20)
  t.equal(value('gabion_host_results', { state: 'fail', severity: 'critical' }), 1)
  t.equal(value('gabion_host_results', { state: 'pass', severity: 'high' }), 1)
  t.equal(value('gabion_host_results', { state: 'error', severity: 'low' }), 0)
  const sum = named('gabion_host_results').reduce((total, one) => total + one.value, 0)
  t.equal(sum, results.length)
})

t.test('score and coverage are ratios, times are seconds', async t => {
  t.equal(value('gabion_host_score_ratio'), 0.23)
  t.equal(value('gabion_host_coverage_ratio'), 0.75)
  t.equal(value('gabion_host_judged_timestamp_seconds'), 1_795_000_000)
  t.equal(value('gabion_probe_duration_seconds', { probe: 'kubelet' }), 1.5)
  t.equal(value('gabion_agent_info', { version: '1.2.3' }), 1)
})

t.test('over nothing there is neither score nor coverage', async t => {
  const nothing = { ...judgement, results: [result('a', 'not_applicable')] }
  const text = renderPrometheus({
    version: '1',
    probes,
    judgement: { ...nothing, score: score(nothing.results, checks) },
  })
  const names = parsePrometheus(text).map(sample => sample.name)
  t.notOk(names.includes('gabion_host_score_ratio'))
  t.notOk(names.includes('gabion_host_coverage_ratio'))
  t.ok(names.includes('gabion_host_judged_timestamp_seconds'))
})

t.test('each probe is in one state', async t => {
  t.equal(value('gabion_probe_state', { probe: 'ports', state: 'present' }), 1)
  t.equal(value('gabion_probe_state', { probe: 'ports', state: 'error' }), 0)
  t.equal(value('gabion_probe_state', { probe: 'kubelet', state: 'absent' }), 1)
  t.equal(named('gabion_probe_state').length, 8)
})

t.test('findings come worst first, and not without end', async t => {
  t.same(
    named('gabion_host_finding').map(({ labels }) => labels['check']),
    ['b', 'a'],
  )
  const many = Array.from({ length: 600 }, (_, index) => check(`check-${index}`, index < 550 ? 'low' : 'high'))
  const all = many.map(({ id }) => result(id, 'fail'))
  const text = renderPrometheus({ version: '', probes, judgement: { ...judgement, results: all, checks: many } })
  const findings = parsePrometheus(text).filter(({ name }) => name === 'gabion_host_finding')
  t.equal(findings.length, 500)
  t.equal(findings.filter(({ labels }) => labels['severity'] === 'high').length, 50)
})

t.test('before anything was judged nothing is said of it', async t => {
  const text = renderPrometheus({ version: '', probes: [] })
  t.same(
    parsePrometheus(text).map(({ name }) => name),
    ['gabion_agent_info'],
  )
})

t.test('a label holds any text', async t => {
  const odd = 'a"b\\c\nd'
  const text = renderPrometheus({ version: odd, probes: [] })
  t.equal(parsePrometheus(text)[0]?.labels['version'], odd)
})
