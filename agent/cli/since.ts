// Option `--since FILE`: holds the report of this host against an earlier one.
import type { Check } from '../../policy/check.ts'
import { visible } from '../../policy/visible-text.ts'
import { compareReports, isSameHost } from '../../report/compare.ts'
import type { ScanReport } from '../../report/scan-report.ts'
import type { JsonReport } from '../../report/scan-report-schema.ts'
import { usageError } from '../../runtime/errors.ts'

/** @throws GabionError (usage) when the earlier report is of another host, or later than this one */
export function compareSince(
  report: ScanReport,
  earlier: JsonReport,
  file: string,
  checks: readonly Check[],
): ScanReport {
  if (!isSameHost(report.host, earlier.host)) {
    const [was, is] = [earlier.host, report.host].map(({ hostname, id }) => `'${hostname}'${id && ` (${id})`}`)
    throw usageError(visible(`--since ${file}: is a report of host ${was}, this one is of ${is}`))
  }
  if (Date.parse(earlier.scannedAt) > Date.parse(report.scannedAt)) {
    throw usageError(visible(`--since ${file}: was made at ${earlier.scannedAt}, after this one (${report.scannedAt})`))
  }
  const evidence = new Map(checks.map(check => [check.id, check.evidence ?? '']))
  return compareReports(report, earlier, { isSteady: id => !/\.\s*observations\b/.test(evidence.get(id) ?? '') })
}
