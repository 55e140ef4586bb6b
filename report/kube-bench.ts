// Results of the CIS Kubernetes Benchmark in the shape of kube-bench's JSON, for tools that read that.
import { shown } from './escape.ts'
import { referenceText } from './findings.ts'
import type { Finding, ScanReport } from './scan-report.ts'

type Status = 'PASS' | 'FAIL' | 'WARN' | 'INFO'

interface Item {
  readonly number: string
  readonly result: Finding
}

/** First part of a number → the target of kube-bench, and what the part is about. */
const targets: Readonly<Record<string, { readonly type: string; readonly text: string }>> = {
  '1': { type: 'master', text: 'Control Plane Security Configuration' },
  '2': { type: 'etcd', text: 'Etcd Node Configuration' },
  '3': { type: 'controlplane', text: 'Control Plane Configuration' },
  '4': { type: 'node', text: 'Worker Node Security Configuration' },
  '5': { type: 'policies', text: 'Kubernetes Policies' },
}

const sections: Readonly<Record<string, string>> = {
  '1.1': 'Control Plane Node Configuration Files',
  '1.2': 'API Server',
  '1.3': 'Controller Manager',
  '1.4': 'Scheduler',
  '2': 'Etcd Node Configuration',
  '3.1': 'Authentication and Authorization',
  '3.2': 'Logging',
  '4.1': 'Worker Node Configuration Files',
  '4.2': 'Kubelet',
  '4.3': 'kube-proxy',
}

/**
 * Only checks with a number in the benchmark appear. `FAIL` is also what could not be judged, as in kube-bench, with a
 * reason; `INFO` is what does not apply or is waived; `WARN` is for people to look at.
 */
export function renderKubeBench(reports: readonly ScanReport[]): string {
  const controls = reports.flatMap(controlsOf)
  const total = (field: 'total_pass' | 'total_fail' | 'total_warn' | 'total_info') =>
    controls.reduce((sum, one) => sum + one[field], 0)
  const totals = {
    ...{ total_pass: total('total_pass'), total_fail: total('total_fail') },
    ...{ total_warn: total('total_warn'), total_info: total('total_info') },
  }
  return `${JSON.stringify({ Controls: controls, Totals: totals }, null, 2)}\n`
}

function controlsOf(report: ScanReport) {
  const version = benchmarkVersion(report)
  const items = report.results.flatMap(result => numbersOf(result, version).map(number => ({ number, result })))
  const byTarget = Map.groupBy(items, ({ number }) => number.split('.')[0] ?? '')
  return [...byTarget].sort(([a], [b]) => compareNumbers(a, b)).map(([id, list]) => target(report, version, id, list))
}

/** The version that a profile names (`@1.10`), else the newest that a check has a number in. */
function benchmarkVersion({ profiles, results }: ScanReport): string {
  const pinned = profiles.find(id => /^cis-kubernetes-.*@/.test(id))?.split('@')[1]
  if (pinned !== undefined) return pinned
  const versions = results.flatMap(({ references }) => references.filter(isBenchmark).map(({ version }) => version))
  return (
    [...new Set(versions)]
      .filter(version => compareNumbers(version, '1.20') < 0)
      .sort(compareNumbers)
      .at(-1) ?? ''
  )
}

const isBenchmark = ({ source }: Finding['references'][number]) => source === 'cis-kubernetes'

const numbersOf = ({ references }: Finding, version: string): readonly string[] =>
  references.filter(reference => isBenchmark(reference) && reference.version === version).map(({ id }) => id)

function target(report: ScanReport, version: string, id: string, items: readonly Item[]) {
  const bySection = Map.groupBy(items, ({ number }) => sectionOf(number))
  const groups = [...bySection].sort(([a], [b]) => compareNumbers(a, b)).map(([section, list]) => group(section, list))
  const sum = (field: 'pass' | 'fail' | 'warn' | 'info') => groups.reduce((count, one) => count + one[field], 0)
  return {
    id,
    version: `cis-${version}`,
    detected_version: '',
    text: targets[id]?.text ?? '',
    node_type: targets[id]?.type ?? '',
    tests: groups,
    ...{ total_pass: sum('pass'), total_fail: sum('fail'), total_warn: sum('warn'), total_info: sum('info') },
    host: { name: report.host.hostname, id: report.host.id },
    scanned_at: report.scannedAt,
  }
}

/** `4.2.10` → `4.2`; part 2 has no sections. */
const sectionOf = (number: string) => (number.startsWith('2.') ? '2' : number.split('.').slice(0, 2).join('.'))

function group(section: string, items: readonly Item[]) {
  const byNumber = Map.groupBy(items, ({ number }) => number)
  const results = [...byNumber]
    .sort(([a], [b]) => compareNumbers(a, b))
    .map(([number, list]) =>
      testResult(
        number,
        list.map(({ result }) => result),
      ),
    )
  const count = (status: Status) => results.filter(one => one.status === status).length
  return {
    section,
    type: '',
    ...{ pass: count('PASS'), fail: count('FAIL'), warn: count('WARN'), info: count('INFO') },
    desc: sections[section] ?? '',
    results,
  }
}

/** One number of the benchmark; where several checks stand for it, the worst decides. */
function testResult(number: string, checks: readonly Finding[]) {
  const [first] = checks
  const rank: readonly Status[] = ['FAIL', 'WARN', 'PASS', 'INFO']
  const status = rank.find(one => checks.some(check => statusOf(check) === one)) ?? 'INFO'
  const deciding = checks.filter(check => statusOf(check) === status)
  const remediation = checks.map(check => check.remediation).filter(text => text !== '')
  const reason = deciding.map(reasonOf).filter(text => text !== '')
  return {
    test_number: number,
    test_desc: [...new Set(checks.map(({ title }) => shown(title)))].join('; '),
    ...{ audit: '', AuditEnv: '', AuditConfig: '' },
    type: checks.every(({ state }) => state === 'manual') ? 'manual' : '',
    remediation: remediation.join('\n\n'),
    test_info: remediation,
    status,
    actual_value: deciding.flatMap(({ evidence }) => evidence.map(shown)).join('\n'),
    scored: first !== undefined && status !== 'WARN',
    IsMultiple: false,
    expected_result: '',
    ...(reason.length > 0 && { reason: reason.join('; ') }),
    checks: checks.map(({ check, references }) => ({ id: check, references: references.map(referenceText) })),
  }
}

function statusOf({ state, waiver }: Finding): Status {
  if (waiver) return 'INFO'
  return { pass: 'PASS', fail: 'FAIL', error: 'FAIL', manual: 'WARN', not_applicable: 'INFO' }[state] as Status
}

const reasonOf = ({ waiver, reason }: Finding) =>
  shown(waiver ? `waived by ${waiver.owner} until ${waiver.expiresAt}: ${waiver.reason}` : reason)

function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? -1) - (right[index] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}
