// Results as OCSF Compliance Finding events, one JSON object per line, for SIEMs and data lakes.
import type { Severity } from '../policy/check.ts'
import { sha256 } from '../proto/canonical.ts'
import { shown, shownLines } from './escape.ts'
import { hostKey, hostName, referenceText, waiverText } from './findings.ts'
import type { Finding, ScanReport } from './scan-report.ts'

const schemaVersion = '1.8.0'

const severityIds = { low: 2, medium: 3, high: 4, critical: 5 } as const satisfies Record<Severity, number>

/** Compliance status by state; what is manual or could not be judged yielded no result. */
const complianceStatus = {
  pass: { status_id: 1, status: 'Pass' },
  fail: { status_id: 3, status: 'Fail' },
  error: { status_id: 2, status: 'Warning' },
  manual: { status_id: 2, status: 'Warning' },
} as const

/**
 * What does not apply is left out: there is nothing to comply with.
 * @source OCSF 1.8.0, class 2003 `compliance_finding`
 */
export function renderOcsf(reports: readonly ScanReport[]): string {
  return reports
    .flatMap(report => report.results.flatMap(result => event(report, result)))
    .map(one => `${JSON.stringify(one)}\n`)
    .join('')
}

function event(report: ScanReport, result: Finding): readonly object[] {
  if (result.state === 'not_applicable') return []
  const { host, scannedAt, tool } = report
  const time = Date.parse(scannedAt)
  const activity = activityOf(result)
  return [
    {
      ...activity,
      ...{ category_uid: 2, category_name: 'Findings', class_uid: 2003, class_name: 'Compliance Finding' },
      ...{ type_uid: 200_300 + activity.activity_id, type_name: `Compliance Finding: ${activity.activity_name}` },
      time,
      ...{ severity_id: severityIds[result.severity], severity: capitalized(result.severity) },
      ...lifecycle(result),
      message: shown(`${hostName(host)}: ${result.title}: ${result.state}`),
      metadata: {
        version: schemaVersion,
        product: { name: 'Gabion', vendor_name: 'Gabion', version: tool.version, feature: { name: tool.name } },
        profiles: ['host'],
        logged_time: time,
      },
      finding_info: {
        uid: sha256(`${hostKey(host)}\n${result.check}`),
        ...{ title: shown(result.title), desc: shownLines(result.rationale), types: ['Host Hardening'] },
        last_seen_time: time,
        ...(report.profiles.length > 0 && { data_sources: report.profiles }),
      },
      compliance: compliance(result),
      ...(result.remediation && { remediation: { desc: shownLines(result.remediation) } }),
      resources: [{ ...identity(host), type: 'Host' }],
      device: {
        ...identity(host),
        ...{ hostname: shown(host.hostname), type_id: 0, type: 'Unknown' },
        os: { name: shown(host.os) || 'Linux', type_id: 200, type: 'Linux' },
      },
      ...(result.waiver && { comment: shown(waiverText(result)) }),
      unmapped: { state: result.state, facets: result.facets, ...(result.change && { change: result.change }) },
    },
  ]
}

const identity = (host: ScanReport['host']) => ({
  name: shown(hostName(host)),
  ...(host.id && { uid: shown(host.id) }),
})

/** A report that was compared with an earlier one tells what is new from what was known. */
function activityOf({ change }: Finding) {
  return change === 'known' || change === 'grown'
    ? { activity_id: 2, activity_name: 'Update' }
    : { activity_id: 1, activity_name: 'Create' }
}

function lifecycle({ state, waiver }: Finding) {
  if (waiver) return { status_id: 3, status: 'Suppressed' }
  return state === 'pass' ? { status_id: 4, status: 'Resolved' } : { status_id: 1, status: 'New' }
}

function compliance({ check, title, state, severity, references, reason, evidence }: Finding) {
  const status = state === 'not_applicable' ? { status_id: 0, status: 'Unknown' } : complianceStatus[state]
  const benchmarks = references.filter(({ source }) => source !== 'mitre-attack')
  const standards = [...new Set(benchmarks.map(({ source, version }) => [source, version].filter(Boolean).join(' ')))]
  const details = [...(reason ? [reason] : []), ...evidence].map(shown)
  return {
    ...status,
    ...{ control: check, desc: shown(title) },
    standards: standards.length > 0 ? standards : ['Gabion'],
    ...(benchmarks.length > 0 && { requirements: benchmarks.map(referenceText) }),
    ...(details.length > 0 && { status_details: details }),
    checks: [
      {
        uid: check,
        name: shown(title),
        severity: capitalized(severity),
        severity_id: severityIds[severity],
        ...status,
      },
    ],
  }
}

const capitalized = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
