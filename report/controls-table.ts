// Results of controls files for a person at a terminal: worst first within each group.
import type { ControlsResult, ControlsState } from '../policy/controls/controls.ts'
import { allResults, type ControlsReport, controlsStates, countStates } from './controls-report.ts'
import type { Style, TableOptions } from './table.ts'
import { visible } from './visible.ts'

const styles: Readonly<Record<ControlsState, Style>> = { FAIL: 'red', WARN: 'yellow', PASS: 'green', INFO: 'dim' }

export function renderControlsTable(report: ControlsReport, options: TableOptions): string {
  const { paint, all } = options
  const { host, tool, scannedAt, files, strict } = report
  const lines = [
    paint('bold', visible(host.hostname) || 'this host'),
    paint('dim', `${tool.name} ${tool.version}, ${scannedAt}${strict ? ', strictly as kube-bench' : ''}`),
  ]
  for (const { controls, groups, missing } of files) {
    const title = [controls.id, controls.text, controls.version].filter(text => text !== '').map(visible)
    lines.push('', `${paint('bold', title.join('  '))}  ${paint('dim', visible(controls.path))}`)
    if (missing.length > 0) lines.push(`  left out: ${missing.map(visible).join(', ')} does not run here`)
    for (const { group, results } of groups) {
      const shown = all ? results : results.filter(({ state }) => state === 'FAIL' || state === 'WARN')
      if (shown.length === 0) continue
      lines.push(`  ${paint('bold', `${visible(group.id)}  ${visible(group.text)}`)}`)
      for (const state of controlsStates) {
        for (const result of shown.filter(one => one.state === state)) lines.push(...resultLines(result, options))
      }
    }
  }
  const counts = countStates(allResults(report))
  const summary = controlsStates.map(state => paint(styles[state], `${counts[state]} ${state}`))
  return `${[...lines, '', summary.join('  ')].join('\n')}\n`
}

/** Values of several lines are cut to the first; JSON has them all. */
function resultLines({ check, state, reason, actual, expected }: ControlsResult, { paint }: TableOptions) {
  const first = (text: string) => visible(text.split('\n').slice(0, 1).join('').slice(0, 200))
  const lines = [`    ${paint(styles[state], state)}  ${visible(check.id)}  ${visible(check.text)}`]
  if (reason !== '') lines.push(`          ${first(reason)}`)
  if (state !== 'PASS' && state !== 'INFO' && actual !== '') lines.push(`          found ${first(actual)}`)
  if (state !== 'PASS' && expected !== '') lines.push(`          expected ${first(expected)}`)
  return lines
}
