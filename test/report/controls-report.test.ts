// Holds the forms of what came of controls files: the order of a table, kube-bench's shape, hostile text.
import t from 'tap'
import type { ControlsCheck, ControlsResult, ControlsState } from '../../policy/controls/controls.ts'
import { renderControlsAsKubeBench, renderControlsJson } from '../../report/controls-json.ts'
import type { ControlsReport } from '../../report/controls-report.ts'
import { renderControlsTable } from '../../report/controls-table.ts'

const check = (id: string): ControlsCheck => ({
  ...{ place: `f.yaml:${id}:1`, id, text: `Check ${id}`, audit: 'cat /x', auditConfig: '', auditEnv: '', type: '' },
  ...{ tests: undefined, remediation: 'fix\n', scored: true, multiple: false },
})
const result = (id: string, state: ControlsState, fields: Partial<ControlsResult> = {}): ControlsResult => ({
  ...{ check: check(id), state, reason: '', actual: '', expected: '', unanswered: false },
  ...fields,
})
const group = { id: '1.1', text: 'Group', type: '', checks: [] }
const controls = (path: string) => ({ path, id: '1', version: 'v-1', text: 'Part', type: 'master', groups: [] })
const hostile = 'red\u001b[31m\u202e\nsecond line'

const report: ControlsReport = {
  tool: { name: 'gabion-agent', version: '1.0.0' },
  host: { hostname: 'node-1\u001b[2J', id: 'm', os: '', kernel: '', root: '/' },
  scannedAt: '2026-11-22T06:00:00.000Z',
  strict: false,
  files: [
    {
      controls: controls('a.yaml'),
      groups: [
        {
          group,
          results: [
            result('1', 'PASS'),
            result('2', 'WARN', { reason: 'unsupported audit: jq', unanswered: true }),
            result('3', 'FAIL', { actual: hostile, expected: "'x' is present" }),
            result('4', 'INFO', { reason: 'Test marked as skip' }),
          ],
        },
      ],
      missing: [],
    },
    { controls: controls('b.yaml'), groups: [], missing: ['apiserver'] },
  ],
}

t.test('a table has what failed first, and what passed only on demand', t => {
  const table = (all: boolean) => renderControlsTable(report, { width: 80, all, paint: (_, text) => text })
  const text = table(false)
  t.match(text, /FAIL {2}3[\s\S]*WARN {2}2/)
  t.notMatch(text, /Check 1|Check 4/)
  t.match(table(true), /Check 1[\s\S]*Check 4/)
  t.match(text, /left out: apiserver does not run here/)
  t.match(text, /1 FAIL {2}1 WARN {2}1 PASS {2}1 INFO\n$/)
  t.notMatch(text, /[\u001b\u202e]|second line/)
  t.end()
})

t.test('the shape of kube-bench has the counts of groups, parts and all', t => {
  const text = renderControlsAsKubeBench(report)
  t.notMatch(text, /\u202e/)
  t.match(JSON.parse(text), {
    Controls: [
      {
        ...{ id: '1', version: 'v-1', text: 'Part', node_type: 'master', total_pass: 1, total_warn: 1, total_info: 1 },
        tests: [
          {
            ...{ section: '1.1', desc: 'Group', pass: 1, fail: 1, warn: 1, info: 1 },
            results: [
              {
                test_number: '1',
                status: 'PASS',
                audit: 'cat /x',
                AuditEnv: '',
                AuditConfig: '',
                test_info: ['fix\n'],
              },
              { status: 'WARN', reason: 'unsupported audit: jq' },
              { status: 'FAIL', actual_value: hostile, expected_result: "'x' is present" },
              { status: 'INFO' },
            ],
          },
        ],
      },
    ],
    Totals: { total_pass: 1, total_fail: 1, total_warn: 1, total_info: 1 },
  })
  t.equal(JSON.parse(text).Controls.length, 1, 'what was left out does not appear')
  t.end()
})

t.test('our JSON has places and what was left out', t => {
  const json = JSON.parse(renderControlsJson(report))
  t.match(json, {
    ...{ reportVersion: 1, strict: false, counts: { FAIL: 1, WARN: 1, PASS: 1, INFO: 1 } },
    files: [
      {
        path: 'a.yaml',
        missing: [],
        groups: [{ id: '1.1', results: [{ place: 'f.yaml:1:1' }, { unanswered: true }] }],
      },
      { path: 'b.yaml', missing: ['apiserver'] },
    ],
  })
  t.end()
})
