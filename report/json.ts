// The scan report as JSON, for programs.
import type { ScanReport } from './scan-report.ts'
import { terminalJson } from './terminal-json.ts'

/** Grows by one when a field changes its meaning; new fields do not count. */
export const jsonReportVersion = 1

export function renderJson(report: ScanReport): string {
  return `${terminalJson(jsonReport(report))}\n`
}

/** One host's report, or a list of them. */
export function renderJsonReports(reports: readonly ScanReport[]): string {
  const [only, ...others] = reports
  return only && others.length === 0 ? renderJson(only) : `${terminalJson(reports.map(jsonReport))}\n`
}

/** The report as it is written: score, coverage and counts stand beside the rest. */
function jsonReport({ score, ...rest }: ScanReport) {
  const { counts, ...values } = score
  return { reportVersion: jsonReportVersion, ...rest, ...values, counts }
}
