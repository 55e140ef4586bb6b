// The shape that readers of kube-bench's JSON expect: groups, numbers in order, statuses that add up.
import Ajv from 'ajv'
import t from 'tap'
import { renderKubeBench } from '../../report/kube-bench.ts'
import type { ScanReport } from '../../report/scan-report.ts'
import { sampleReport, sampleReports } from './sample-reports.ts'

const integer = { type: 'integer', minimum: 0 }
const string = { type: 'string' }
const totals = { total_pass: integer, total_fail: integer, total_warn: integer, total_info: integer }
const required = (properties: object) => ({ type: 'object', properties, required: Object.keys(properties) })
const checkShape = required({
  ...{ test_number: string, test_desc: string, audit: string, AuditEnv: string, AuditConfig: string, type: string },
  ...{ remediation: string, test_info: { type: 'array', items: string }, actual_value: string },
  status: { enum: ['PASS', 'FAIL', 'WARN', 'INFO'] },
  ...{ scored: { type: 'boolean' }, IsMultiple: { type: 'boolean' }, expected_result: string },
})
const groupShape = required({
  ...{ section: string, type: string, pass: integer, fail: integer, warn: integer, info: integer, desc: string },
  results: { type: 'array', items: checkShape },
})
const controlShape = required({
  ...{ id: string, version: string, detected_version: string, text: string, node_type: string },
  tests: { type: 'array', items: groupShape },
  ...totals,
})
const validate = new Ajv.default().compile(
  required({ Controls: { type: 'array', items: controlShape }, Totals: required(totals) }),
)

const render = (...reports: readonly ScanReport[]) => JSON.parse(renderKubeBench(reports))

t.test('the shape is the one of kube-bench', async t => {
  for (const document of [render(sampleReport()), render(...sampleReports()), render()]) {
    t.ok(validate(document), JSON.stringify(validate.errors))
  }
})

t.test('each number has one status, and the totals add up', async t => {
  const { Controls, Totals } = render(sampleReport())
  t.match(Controls, [{ id: '4', version: 'cis-1.12', node_type: 'node', tests: [{ section: '4.2', desc: 'Kubelet' }] }])
  const [{ results }] = Controls[0].tests
  t.same(
    results.map((one: { test_number: string; status: string }) => `${one.test_number} ${one.status}`),
    ['1 FAIL', '2 INFO', '3 FAIL', '4 FAIL', '5 FAIL', '6 PASS', '7 WARN', '8 INFO'].map(text => `4.2.${text}`),
  )
  t.same(Totals, { total_pass: 1, total_fail: 4, total_warn: 1, total_info: 2 })
  t.match(results[2], { reason: '/etc/shadow: unreadable (EACCES)', scored: true })
  t.match(results[1], { reason: /^waived by team-a@example.net until 2027-01-31/ })
  t.match(results[6], { type: 'manual', scored: false })
})

t.test('of several checks for one number the worst decides, and numbers are in order', async t => {
  const report = sampleReport()
  const results = report.results.map((result, index) => ({
    ...result,
    references: [{ source: 'cis-kubernetes', version: '1.12', id: index < 5 ? '4.2.10' : '4.2.9' }],
  }))
  const [control] = render({ ...report, results }).Controls
  t.same(
    control.tests[0].results.map((one: { test_number: string; status: string }) => [one.test_number, one.status]),
    [
      ['4.2.9', 'WARN'],
      ['4.2.10', 'FAIL'],
    ],
  )
})

t.test('a pinned benchmark counts, and hosts without any have no controls', async t => {
  const report = { ...sampleReport(), profiles: ['cis-kubernetes-worker@1.10'] }
  t.same(render(report).Controls, [])
  const results = report.results.map(result => ({ ...result, references: [] }))
  t.same(render({ ...sampleReport(), results }), {
    Controls: [],
    Totals: { total_pass: 0, total_fail: 0, total_warn: 0, total_info: 0 },
  })
})
