// Results of controls files as JSON: in kube-bench's own shape, and in ours.
import type { ControlsResult } from '../policy/controls/controls.ts'
import { allResults, type ControlsFileReport, type ControlsReport, countStates } from './controls-report.ts'
import { terminalJson } from './terminal-json.ts'

/** The shape that kube-bench prints; files that were left out do not appear, as there. */
export function renderControlsAsKubeBench(report: ControlsReport): string {
  const { host, scannedAt } = report
  const judged = report.files.filter(({ missing }) => missing.length === 0)
  const controls = judged.map(file => ({
    id: file.controls.id,
    version: file.controls.version,
    detected_version: '',
    text: file.controls.text,
    node_type: file.controls.type,
    tests: file.groups.map(kubeBenchGroup),
    ...totals(file.groups.flatMap(({ results }) => results)),
    host: { name: host.hostname, id: host.id },
    scanned_at: scannedAt,
  }))
  return `${terminalJson({ Controls: controls, Totals: totals(allResults({ files: judged })) })}\n`
}

function totals(results: readonly ControlsResult[]) {
  const { PASS, FAIL, WARN, INFO } = countStates(results)
  return { total_pass: PASS, total_fail: FAIL, total_warn: WARN, total_info: INFO }
}

function kubeBenchGroup({ group, results }: ControlsFileReport['groups'][number]) {
  const { PASS, FAIL, WARN, INFO } = countStates(results)
  return {
    section: group.id,
    type: group.type,
    ...{ pass: PASS, fail: FAIL, warn: WARN, info: INFO },
    desc: group.text,
    results: results.map(kubeBenchResult),
  }
}

const kubeBenchResult = ({ check, state, reason, actual, expected }: ControlsResult) => ({
  test_number: check.id,
  test_desc: check.text,
  ...{ audit: check.audit, AuditEnv: check.auditEnv, AuditConfig: check.auditConfig },
  type: check.type,
  remediation: check.remediation,
  test_info: [check.remediation],
  status: state,
  actual_value: actual,
  scored: check.scored,
  IsMultiple: check.multiple,
  expected_result: expected,
  ...(reason !== '' && { reason }),
})

/** Everything that is known, with the place of each check. */
export function renderControlsJson(report: ControlsReport): string {
  const { files, ...rest } = report
  const shown = files.map(({ controls, groups, missing }) => ({
    path: controls.path,
    id: controls.id,
    version: controls.version,
    text: controls.text,
    type: controls.type,
    missing,
    groups: groups.map(({ group, results }) => ({ id: group.id, text: group.text, results: results.map(ownResult) })),
  }))
  return `${terminalJson({ reportVersion: 1, ...rest, files: shown, counts: countStates(allResults(report)) })}\n`
}

const ownResult = ({ check, state, reason, actual, expected, unanswered }: ControlsResult) => ({
  ...{ id: check.id, text: check.text, place: check.place, state, scored: check.scored, reason, unanswered },
  ...{ actual, expected, remediation: check.remediation.trimEnd() },
})
