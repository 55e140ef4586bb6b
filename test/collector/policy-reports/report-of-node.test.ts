// Reports about nodes as objects: what the CRDs take, what is counted how, and that none is too large.
import t from 'tap'
import { policyReportKinds } from '../../../collector/policy-reports/report-kinds.ts'
import {
  type NodeToReport,
  reportLimits,
  reportName,
  reportOfNode,
} from '../../../collector/policy-reports/report-of-node.ts'
import type { ResultRecord } from '../../../collector/store/records.ts'
import { ClusterPolicyReport, ClusterReport } from '../report-schemas.ts'

const result = (change: Partial<ResultRecord> = {}): ResultRecord => ({
  ...{ hostId: 'h', hostname: 'n', check: 'a-check', title: 'A check', severity: 'high', state: 'fail', reason: '' },
  ...{ evidence: ['port 23 is open'], remediation: 'close it', facets: ['ports'], since: '2026-11-20T10:00:00.250Z' },
  ...change,
})

const waiver = { id: 'w', reason: 'known', owner: 'me', ticket: 'T-1', expiresAt: '2027-01-01T00:00:00.000Z' }

const toReport = (failing: readonly ResultRecord[]): NodeToReport => ({
  owner: 'f00d',
  node: { name: 'node-a', uid: 'uid-1' },
  host: { id: 'h', counts: { pass: 5, fail: 9, manual: 2, not_applicable: 3, error: 9 } },
  failing,
})

type Parsed = ReturnType<typeof ClusterReport.parse>

/** Parsed by the schema of its CRD. */
function report(failing: readonly ResultRecord[]): Parsed {
  return ClusterReport.parse(reportOfNode('openreports', toReport(failing))?.object)
}

t.test('both kinds are what their CRDs take, whatever is in them', t => {
  const hostile = '<script>\u001b[2J\u202e"\n\ud800,=cmd()'
  const failing = [
    result({ severity: 'critical' }),
    result({ check: 'b', state: 'error', reason: hostile, title: hostile, severity: 'low' }),
    result({ check: 'c', waiver: { ...waiver, reason: hostile.repeat(200) } }),
    result({ check: 'd', evidence: Array.from({ length: 1_000 }, () => hostile) }),
  ]
  for (const kind of policyReportKinds) {
    const { object, name } = reportOfNode(kind, toReport(failing)) ?? {}
    const schema = kind === 'openreports' ? ClusterReport : ClusterPolicyReport
    const parsed = schema.parse(object)
    t.equal(parsed.metadata.name, name)
    t.equal(name, 'gabion-f00d-uid-1')
    t.same(parsed.metadata.ownerReferences, [{ apiVersion: 'v1', kind: 'Node', name: 'node-a', uid: 'uid-1' }])
    const text = JSON.stringify(object)
    t.notMatch(text, /\\u001b|\\u202e|\u202e|\\n/, 'nothing that a terminal obeys')
    t.ok(text.isWellFormed())
    t.ok((parsed.results ?? []).every(({ message = '' }) => message.length <= 600))
  }
  t.end()
})

t.test('what fails comes first and the worst of it; what is accepted is a warning that is not scored', t => {
  const found = report([
    result({ check: 'waived', severity: 'critical', waiver }),
    result({ check: 'unknown', severity: 'critical', state: 'error', reason: 'no right to read it', evidence: [] }),
    result({ check: 'z', severity: 'high' }),
    result({ check: 'a', severity: 'high' }),
    result({ check: 'worst', severity: 'critical', evidence: [] }),
  ])
  t.same(
    found.results?.map(({ policy, result: outcome, scored }) => [policy, outcome, scored]),
    [
      ['worst', 'fail', true],
      ['a', 'fail', true],
      ['z', 'fail', true],
      ['unknown', 'error', true],
      ['waived', 'warn', false],
    ],
  )
  t.same(found.summary, { pass: 5, fail: 3, error: 1, warn: 1, skip: 5 })
  t.match(found.results?.[0], { message: 'A check', timestamp: { seconds: 1_795_168_800, nanos: 250_000_000 } })
  t.equal(found.results?.[1]?.message, 'A check: port 23 is open')
  t.equal(found.results?.[3]?.message, 'A check: no right to read it')
  t.match(found.results?.[4]?.properties, { waiver: 'w', waivedBy: 'me', reason: 'known', until: waiver.expiresAt })
  t.end()
})

t.test('a severity that the older kind does not know is told beside', t => {
  const object = reportOfNode('wgpolicyk8s', toReport([result({ severity: 'critical' })]))?.object
  const [only] = ClusterPolicyReport.parse(object).results ?? []
  t.match(only, { severity: 'high', properties: { severity: 'critical' } })
  t.end()
})

t.test('a report that would be too large is cut, says so, and counts all', t => {
  const many = Array.from({ length: 544 }, (_, index) => result({ check: `check-${String(index).padStart(3, '0')}` }))
  const short = report(many)
  t.equal(short.results?.length, reportLimits.results)
  t.equal(short.summary?.fail, 544)
  t.equal(short.metadata.annotations['gabion.io/left-out'], '344 of 544 results: ask the collector')
  const long = report(many.map(one => ({ ...one, title: 'é'.repeat(900) })))
  t.ok((long.results?.length ?? 0) < reportLimits.results)
  t.ok(Buffer.byteLength(JSON.stringify(long)) < 256 * 1024, 'far below the 1.5 MiB of etcd')
  t.notOk('gabion.io/left-out' in report([result()]).metadata.annotations)
  t.end()
})

t.test('equal results are equal digests, and others are not', t => {
  const digest = (...failing: readonly ResultRecord[]) => reportOfNode('openreports', toReport(failing))?.digest
  const [a, b] = [result({ check: 'a' }), result({ check: 'b' })]
  t.equal(digest(a, b), digest(b, a))
  t.not(digest(a), digest(result({ check: 'a', evidence: ['another'] })))
  t.not(digest(a), digest(a, b))
  t.not(digest(a), reportOfNode('openreports', { ...toReport([a]), host: { ...toReport([]).host, id: 'i' } })?.digest)
  t.end()
})

t.test('a uid that is no part of a name gets no report', t => {
  for (const uid of ['', 'UPPER', 'a/b', '../x', 'a_b', `${'a'.repeat(129)}`])
    t.equal(reportName('f00d', uid), undefined, uid)
  t.equal(reportOfNode('openreports', { ...toReport([]), node: { name: 'n', uid: 'A' } }), undefined)
  t.equal(reportName('f00d', '0f3c-1'), 'gabion-f00d-0f3c-1')
  t.end()
})
