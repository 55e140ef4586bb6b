// Results as comma-separated values, one row each, for spreadsheets; no cell is ever taken for a formula.
import { shownLines } from './escape.ts'
import { hostName, referenceText } from './findings.ts'
import type { Finding, ScanReport } from './scan-report.ts'

const columns: readonly (readonly [string, (result: Finding, report: ScanReport) => string])[] = [
  ['host', (_, { host }) => hostName(host)],
  ['host_id', (_, { host }) => host.id],
  ['scanned_at', (_, { scannedAt }) => scannedAt],
  ['check', ({ check }) => check],
  ['title', ({ title }) => title],
  ['severity', ({ severity }) => severity],
  ['state', ({ state }) => state],
  ['change', ({ change }) => change ?? ''],
  ['waived_by', ({ waiver }) => waiver?.owner ?? ''],
  ['waived_until', ({ waiver }) => waiver?.expiresAt ?? ''],
  ['waiver_reason', ({ waiver }) => waiver?.reason ?? ''],
  ['reason', ({ reason }) => reason],
  ['evidence', ({ evidence }) => evidence.join('\n')],
  ['remediation', ({ remediation }) => remediation],
  ['references', ({ references }) => references.map(referenceText).join('\n')],
]

/** @source RFC 4180: CRLF ends a row, every cell is quoted */
export function renderCsv(reports: readonly ScanReport[]): string {
  const rows = reports.flatMap(report =>
    report.results.map(result => columns.map(([, textOf]) => cell(textOf(result, report)))),
  )
  return [columns.map(([name]) => cell(name)), ...rows].map(row => `${row.join(',')}\r\n`).join('')
}

/**
 * A cell that a spreadsheet would evaluate gets an apostrophe in front, which spreadsheets take for "this is text".
 * @source OWASP, CSV injection: `=`, `+`, `-`, `@`, tab and carriage return, and their full-width forms
 */
function cell(text: string): string {
  const safe = /^\s*[=+\-@\t\r＝＋－＠]/.test(text) ? `'${shownLines(text)}` : shownLines(text)
  return `"${safe.replaceAll('"', '""')}"`
}
