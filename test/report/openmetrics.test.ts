// Metrics of one report and of several: text that parses, hosts told apart, an end.
import t from 'tap'
import { renderOpenMetrics } from '../../report/openmetrics.ts'
import { parsePrometheus } from '../prometheus-text.ts'
import { sampleReport, sampleReports } from './sample-reports.ts'

t.test('one host has no label of its own', async t => {
  const text = renderOpenMetrics([sampleReport()])
  t.ok(text.endsWith('\n# EOF\n'))
  const samples = parsePrometheus(text)
  t.same(samples.find(({ name }) => name === 'gabion_host_score_ratio')?.labels, {})
  t.same(
    samples.filter(({ name }) => name === 'gabion_host_finding').map(({ labels }) => labels['check']),
    ['bad-one', 'grown-one', 'low-one'],
    'the waived one is none',
  )
  t.equal(samples.find(({ name }) => name === 'gabion_host_results_waived')?.value, 1)
})

t.test('several hosts are told apart, each metric is declared once', async t => {
  const samples = parsePrometheus(renderOpenMetrics([...sampleReports(), sampleReport('a"b\\c\nd', 'x')]))
  const scores = samples.filter(({ name }) => name === 'gabion_host_score_ratio')
  t.same(
    scores.map(({ labels }) => [labels['host'], labels['host_id']]),
    [
      ['node-1', '0123456789abcdef0123456789abcdef'],
      ['node-2 "<é>', ''],
      ['a"b\\c\nd', 'x'],
    ],
  )
})

t.test('no host is an end only', async t => {
  t.same(parsePrometheus(renderOpenMetrics([])), [])
})
