// What `gabion-agent scan --controls` does: judges this host by files in kube-bench's format.
import type { FacetState } from '../../proto/facet.ts'
import { renderControlsAsKubeBench, renderControlsJson } from '../../report/controls-json.ts'
import { allResults, type ControlsReport } from '../../report/controls-report.ts'
import { renderControlsTable } from '../../report/controls-table.ts'
import { describeHost } from '../../report/scan-report.ts'
import { isoTime, systemClock } from '../../runtime/clock.ts'
import { usageError } from '../../runtime/errors.ts'
import { version } from '../../runtime/version.ts'
import { judgeControls } from '../controls/judge-controls.ts'
import { selectProbes } from './options.ts'
import { chosenOutputs, type Output } from './outputs.ts'
import { readControls } from './read-controls.ts'
import { openRoot, readOnce } from './read-host.ts'
import type { ScanOptions } from './scan-host.ts'
import { plainText, terminal } from './terminal.ts'
import { requireWritable, writeReport } from './write-report.ts'

const renderers = { table: renderControlsTable, json: renderControlsJson, 'kube-bench': renderControlsAsKubeBench }

export async function scanControls(paths: readonly string[], options: ScanOptions): Promise<void> {
  const outputs = chosenOutputs(options.output)
  for (const { format, file } of outputs) {
    rendererOf(format)
    if (file !== '') requireWritable(`--output ${format}=${file}`, file)
  }
  const host = await openRoot(options.root)
  const look = (name: string) => readOnce(host, selectProbes([name]), false, [name])
  const requests = await readControls(paths, async () => kubernetesVersion(await look('kubelet')))
  const strict = options.strictCompat === true
  requireKnown(options.check, requests)
  const files = await judgeControls(host, requests, strict ? 'strict' : 'right', options.check)
  const report: ControlsReport = {
    tool: { name: 'gabion-agent', version },
    host: { ...describeHost(await look('host')), root: host.root },
    scannedAt: isoTime(systemClock.now()),
    strict,
    files,
  }
  for (const output of outputs) write(report, output, options.all === true)
  process.exitCode = exitCode(report, options)
}

function rendererOf(format: Output['format']) {
  if (format === 'table' || format === 'json' || format === 'kube-bench') return renderers[format]
  throw usageError(`--output ${format}: --controls can be had as ${Object.keys(renderers).join(', ')}`)
}

function write(report: ControlsReport, { format, file }: Output, all: boolean): void {
  const text = rendererOf(format)(report, { ...(file === '' ? terminal() : plainText), all })
  if (file === '') process.stdout.write(text)
  else writeReport(`--output ${format}=${file}`, file, text)
}

/** Version of the kubelet, empty when there is none or it is not known. */
function kubernetesVersion(states: readonly FacetState[]): string {
  const [state] = states
  const kubelets = state?.state === 'present' ? (state.facts['kubelets'] as readonly { version?: string }[]) : []
  return kubelets.find(({ version: one }) => one !== undefined)?.version ?? ''
}

function requireKnown(ids: readonly string[] | undefined, requests: Awaited<ReturnType<typeof readControls>>): void {
  const known = new Set(
    requests.flatMap(({ controls }) => controls.groups.flatMap(({ id, checks }) => [id, ...checks.map(one => one.id)])),
  )
  const unknown = ids?.find(id => !known.has(id))
  if (unknown !== undefined) throw usageError(`the controls have no check or group '${unknown}'`)
}

/** Controls carry no severities: whatever is asked for, a failure counts. */
function exitCode(report: ControlsReport, { failOn }: ScanOptions): number {
  if (failOn === undefined) return 0
  const results = allResults(report)
  if (results.some(({ state }) => state === 'FAIL')) return 1
  return results.some(({ unanswered }) => unanswered) ? 3 : 0
}
