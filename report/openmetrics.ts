// The scan report as metrics, in text that OpenMetrics and Prometheus both read.
import { hostName } from './findings.ts'
import { type LabelledMetrics, renderFamilies } from './prometheus.ts'
import type { ScanReport } from './scan-report.ts'

/**
 * One host needs no label: whoever scrapes knows it. Several are told apart by `host` and `host_id`.
 * @source OpenMetrics 1.0: as the text format 0.0.4, with an end
 */
export function renderOpenMetrics(reports: readonly ScanReport[]): string {
  return `${renderFamilies(reports.map(report => metricsOf(report, reports.length > 1)))}# EOF\n`
}

function metricsOf({ tool, host, scannedAt, score, results, facets }: ScanReport, labelled: boolean): LabelledMetrics {
  return {
    labels: labelled ? { host: hostName(host), host_id: host.id } : {},
    version: tool.version,
    probes: facets.map(({ facet, state }) => ({ probe: facet, state })),
    judgement: {
      ...{ atMs: Date.parse(scannedAt), score, results },
      checks: results.map(({ check, severity }) => ({ id: check, severity })),
    },
  }
}
