// Holds a report against an earlier one of the same host: what is new, what has grown, what is resolved.

import type { Comparison, Finding, FindingChange, ScanReport } from './scan-report.ts'
import type { JsonReport } from './scan-report-schema.ts'

export interface CompareOptions {
  /** whether the evidence of a check is made of facts alone, which do not change by themselves */
  readonly isSteady: (check: string) => boolean
}

type Earlier = JsonReport['results'][number]

/**
 * Marks what fails or could not be judged. It is new when it was well before, was not judged before, was another kind
 * of trouble (a failure that could not be judged), or was accepted by somebody and is not any more. It has grown when
 * the evidence has lines that it did not have; that counts only where nothing but the host changes evidence: not with
 * another version of the agent, whose words may differ, nor where time or observations show.
 */
export function compareReports(report: ScanReport, earlier: JsonReport, options: CompareOptions): ScanReport {
  const before = new Map(earlier.results.map(result => [result.check, result]))
  const sameWords = earlier.tool.version === report.tool.version
  const results = report.results.map(result => {
    if (!isTrouble(result)) return result
    const steady = sameWords && result.validUntil === undefined && options.isSteady(result.check)
    return { ...result, change: changeOf(result, before.get(result.check), steady) }
  })
  return { ...report, results, since: comparison(report, earlier) }
}

/** Whether an earlier report is of this host: by id, by name where one of them has no id. */
export function isSameHost(host: ScanReport['host'], earlier: JsonReport['host']): boolean {
  if (host.id !== '' && earlier.id !== '') return host.id === earlier.id
  return host.hostname === earlier.hostname
}

const isTrouble = ({ state }: Pick<Earlier, 'state'>) => state === 'fail' || state === 'error'

function changeOf(result: Finding, before: Earlier | undefined, steady: boolean): FindingChange {
  if (!before || before.state !== result.state) return 'new'
  if (before.waiver && !result.waiver) return 'new'
  if (!steady || result.state !== 'fail') return 'known'
  return result.evidence.some(text => !before.evidence.includes(text)) ? 'grown' : 'known'
}

/** What was not judged this time is not resolved. */
function comparison(report: ScanReport, earlier: JsonReport): Comparison {
  const now = new Map(report.results.map(result => [result.check, result]))
  const resolved = earlier.results.filter(isTrouble).flatMap(({ check, state: before }) => {
    const result = now.get(check)
    if (!result || (result.state !== 'pass' && result.state !== 'not_applicable')) return []
    return [{ check, title: result.title, severity: result.severity, before, now: result.state }]
  })
  return { scannedAt: earlier.scannedAt, agentVersion: earlier.tool.version, resolved }
}
