// What is new since an earlier report, what has grown, and what is resolved.
import t from 'tap'
import { compareReports, isSameHost } from '../../report/compare.ts'
import { renderJson } from '../../report/json.ts'
import type { Finding, ScanReport } from '../../report/scan-report.ts'
import { JsonReportSchema } from '../../report/scan-report-schema.ts'
import { renderTable } from '../../report/table.ts'
import { sampleReport } from './sample-reports.ts'

const now = sampleReport()
const stored = (report: ScanReport) => JsonReportSchema.parse(JSON.parse(renderJson(report)))

/** The earlier report, with some results otherwise. */
function earlier(changes: Readonly<Record<string, Partial<Finding>>>, without: readonly string[] = []): ScanReport {
  const results = now.results
    .filter(({ check }) => !without.includes(check))
    .map(result => ({ ...result, ...changes[result.check] }))
  return { ...now, scannedAt: '2026-11-21T00:00:00.000Z', results }
}

function changes(before: ScanReport, isSteady = true, report = now): Readonly<Record<string, string | undefined>> {
  const { results } = compareReports(report, stored(before), { isSteady: () => isSteady })
  return Object.fromEntries(results.map(({ check, change }) => [check, change]))
}

t.test('nothing changed: what fails is known, what is well has no mark', async t => {
  t.same(changes(earlier({})), {
    ...{ 'bad-one': 'known', 'waived-one': 'known', 'grown-one': 'known', 'low-one': 'known', 'odd-one': 'known' },
    ...{ fine: undefined, 'by-hand': undefined, elsewhere: undefined },
  })
})

t.test('new is what passed, did not apply, was not judged, or was trouble of another kind', async t => {
  for (const state of ['pass', 'not_applicable', 'manual', 'error'] as const) {
    t.equal(changes(earlier({ 'low-one': { state } }))['low-one'], 'new', state)
  }
  t.equal(changes(earlier({}, ['low-one']))['low-one'], 'new', 'not among the results')
  t.equal(changes(earlier({ 'odd-one': { state: 'fail' } }))['odd-one'], 'new', 'a failure that hides now')
})

t.test('a failure that nobody accepts any more is new', async t => {
  const waiver = now.results.find(({ check }) => check === 'waived-one')?.waiver
  t.ok(waiver)
  t.equal(changes(earlier({ 'low-one': waiver ? { waiver } : {} }))['low-one'], 'new')
})

t.test('more evidence is growth, less or other order is not', async t => {
  t.equal(changes(earlier({ 'grown-one': { evidence: ['one'] } }))['grown-one'], 'grown')
  t.equal(changes(earlier({ 'grown-one': { evidence: ['two', 'one', 'three'] } }))['grown-one'], 'known')
})

t.test('evidence that changes by itself, or by another version of the agent, is no growth', async t => {
  const before = earlier({ 'grown-one': { evidence: ['one'] } })
  t.equal(changes(before, false)['grown-one'], 'known', 'observations')
  t.equal(changes({ ...before, tool: { name: 'gabion-agent', version: '1.2.2' } })['grown-one'], 'known', 'version')
  const results = now.results.map(result => ({ ...result, validUntil: '2026-12-01T00:00:00.000Z' }))
  t.equal(changes(before, true, { ...now, results })['grown-one'], 'known', 'time')
})

t.test('resolved is what failed and is well; what was not judged this time is not', async t => {
  const before = earlier({ fine: { state: 'fail' }, elsewhere: { state: 'error' }, 'by-hand': { state: 'fail' } })
  const { since } = compareReports(now, stored(before), { isSteady: () => true })
  t.same(
    since?.resolved.map(({ check, before, now }) => [check, before, now]),
    [
      ['fine', 'fail', 'pass'],
      ['elsewhere', 'error', 'not_applicable'],
    ],
  )
  const part = { ...now, results: now.results.filter(({ check }) => check !== 'fine') }
  t.same(compareReports(part, stored(before), { isSteady: () => true }).since?.resolved.length, 1)
})

t.test('a host is known by its id, else by its name', async t => {
  const host = (hostname: string, id: string) => ({ hostname, id, os: '', kernel: '', root: '/' })
  t.equal(isSameHost(host('a', '1'), host('b', '1')), true, 'renamed')
  t.equal(isSameHost(host('a', '1'), host('a', '2')), false, 'another of the same name')
  t.equal(isSameHost(host('a', '1'), host('a', '')), true)
  t.equal(isSameHost(host('a', ''), host('b', '')), false)
})

t.test('the table marks what is new and lists what is resolved', async t => {
  const before = earlier({ 'low-one': { state: 'pass' }, fine: { state: 'fail' }, 'grown-one': { evidence: ['one'] } })
  const compared = compareReports(now, stored(before), { isSteady: () => true })
  const text = renderTable(compared, { width: 100, paint: (_, part) => part, all: false })
  t.match(text, /Title of low-one <b> {2}new$/m)
  t.match(text, /Title of grown-one <b> {2}more than before$/m)
  t.match(text, 'Since 2026-11-21T00:00:00.000Z: 1 new, 1 with more evidence, 1 resolved\n  ✓ Title of fine <b>\n')
})
