// The scan report as JSON, for programs.
import type { ScanReport } from './scan-report.ts'

/** Grows by one when a field changes its meaning; new fields do not count. */
export const jsonReportVersion = 1

export function renderJson(report: ScanReport): string {
  const { score, ...rest } = report
  const { counts, ...values } = score
  return `${JSON.stringify({ reportVersion: jsonReportVersion, ...rest, ...values, counts }, null, 2)}\n`
}
