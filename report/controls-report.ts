// What came of controls files on one host, before it takes the form of a table or JSON.
import type { Controls, ControlsGroup, ControlsResult, ControlsState } from '../policy/controls/controls.ts'
import type { ReportedHost, ScanReport } from './scan-report.ts'

export interface ControlsReport {
  readonly tool: ScanReport['tool']
  readonly host: ReportedHost
  /** ISO 8601 time of judgement */
  readonly scannedAt: string
  /** judged as kube-bench would, with its quirks */
  readonly strict: boolean
  readonly files: readonly ControlsFileReport[]
}

export interface ControlsFileReport {
  readonly controls: Controls
  /** without those of which no check was asked for */
  readonly groups: readonly { readonly group: ControlsGroup; readonly results: readonly ControlsResult[] }[]
  /** components that must run and do not, for which the file was left out */
  readonly missing: readonly string[]
}

export const controlsStates = ['FAIL', 'WARN', 'PASS', 'INFO'] as const satisfies readonly ControlsState[]

export const countStates = (results: readonly ControlsResult[]): Readonly<Record<ControlsState, number>> => ({
  FAIL: results.filter(({ state }) => state === 'FAIL').length,
  WARN: results.filter(({ state }) => state === 'WARN').length,
  PASS: results.filter(({ state }) => state === 'PASS').length,
  INFO: results.filter(({ state }) => state === 'INFO').length,
})

export const allResults = ({ files }: Pick<ControlsReport, 'files'>): readonly ControlsResult[] =>
  files.flatMap(({ groups }) => groups.flatMap(({ results }) => results))
