// The scan report as JSON, for programs.
import type { ScanReport } from './scan-report.ts'

/** Grows by one when a field changes its meaning; new fields do not count. */
export const jsonReportVersion = 1

export function renderJson(report: ScanReport): string {
  return `${JSON.stringify(jsonReport(report), null, 2)}\n`
}

/** One host's report, or a list of them. */
export function renderJsonReports(reports: readonly ScanReport[]): string {
  const [only, ...others] = reports
  return only && others.length === 0 ? renderJson(only) : `${JSON.stringify(reports.map(jsonReport), null, 2)}\n`
}

/** The report as it is written: score, coverage and counts stand beside the rest. */
function jsonReport({ score, ...rest }: ScanReport) {
  const { counts, ...values } = score
  return { reportVersion: jsonReportVersion, ...rest, ...values, counts }
}
