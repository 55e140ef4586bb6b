// What one host's agent found, in the text format of Prometheus, for the textfile collector of node_exporter.
import { type Check, type Result, resultStates, type Score, severities } from '../policy/check.ts'
import type { FacetState } from '../proto/facet.ts'

export interface ProbeMetric {
  readonly probe: string
  readonly state: FacetState['state']
  /** of its last run, left out where nobody took the time */
  readonly durationMs?: number
}

export interface HostMetrics {
  readonly version: string
  readonly probes: readonly ProbeMetric[]
  /** left out until something was judged */
  readonly judgement?: Judgement
}

export interface Judgement {
  readonly atMs: number
  readonly score: Score
  readonly results: readonly Result[]
  /** those of the results, at least */
  readonly checks: readonly Pick<Check, 'id' | 'severity'>[]
}

/** Findings that are told by their check; how many there are stands in the results anyway. */
const maxFindings = 500
const facetStates = ['present', 'absent', 'unreadable', 'error'] as const satisfies readonly FacetState['state'][]

type Labels = Readonly<Record<string, string>>

interface Sample {
  readonly labels: Labels
  readonly value: number
}

/** One of several hosts, told apart by labels of its own. */
export interface LabelledMetrics extends HostMetrics {
  readonly labels: Labels
}

/** @source the exposition format of Prometheus, version 0.0.4 */
export const renderPrometheus = (metrics: HostMetrics): string => renderFamilies([{ ...metrics, labels: {} }])

/** Metrics of all hosts, each name once. */
export function renderFamilies(hosts: readonly LabelledMetrics[]): string {
  const samples = (of: (host: HostMetrics) => readonly Sample[]) =>
    hosts.flatMap(host => of(host).map(({ labels, value }) => ({ labels: { ...host.labels, ...labels }, value })))
  const judged = (of: (judgement: Judgement) => readonly Sample[]) =>
    samples(({ judgement }) => (judgement ? of(judgement) : []))
  return [
    gauge(
      'gabion_agent_info',
      'The agent that wrote this',
      samples(({ version }) => [{ labels: { version }, value: 1 }]),
    ),
    gauge('gabion_probe_state', 'Whether a probe’s facet is in this state', samples(stateSamples)),
    gauge('gabion_probe_duration_seconds', 'Duration of a probe’s last run', samples(durationSamples)),
    ...(hosts.some(({ judgement }) => judgement) ? judgedFamilies(judged) : []),
  ].join('')
}

const stateSamples = ({ probes }: HostMetrics) =>
  probes.flatMap(({ probe, state }) =>
    facetStates.map(one => ({ labels: { probe, state: one }, value: one === state ? 1 : 0 })),
  )

const durationSamples = ({ probes }: HostMetrics) =>
  probes.flatMap(({ probe, durationMs }) =>
    durationMs === undefined ? [] : [{ labels: { probe }, value: durationMs / 1000 }],
  )

function judgedFamilies(samples: (of: (judgement: Judgement) => readonly Sample[]) => readonly Sample[]) {
  return [
    gauge(
      'gabion_host_judged_timestamp_seconds',
      'When this host was judged',
      samples(({ atMs }) => [only(Math.floor(atMs / 1000))]),
    ),
    gauge(
      'gabion_host_score_ratio',
      'Weight of what passed, of all that was judged; no sample while nothing is',
      samples(({ score }) => ratio(score.score)),
    ),
    gauge(
      'gabion_host_coverage_ratio',
      'Part of the checks that could be judged',
      samples(({ score }) => ratio(score.coverage)),
    ),
    gauge('gabion_host_results', 'Results by state and severity', samples(resultSamples)),
    gauge(
      'gabion_host_results_waived',
      'Results that somebody accepted',
      samples(({ score }) => [only(score.waived)]),
    ),
    gauge(
      'gabion_host_finding',
      `A check that fails and is not waived, the worst ${maxFindings} at most`,
      samples(findingSamples),
    ),
  ]
}

function rowsOf({ results, checks }: Judgement) {
  const severityOf = new Map(checks.map(check => [check.id, check.severity]))
  return results.map(({ check, state, waiver }) => {
    return { check, state, waived: waiver !== undefined, severity: severityOf.get(check) ?? 'medium' }
  })
}

function resultSamples(judgement: Judgement): readonly Sample[] {
  const rows = rowsOf(judgement)
  const count = (state: string, severity: string) =>
    rows.filter(row => row.state === state && row.severity === severity).length
  return resultStates.flatMap(state =>
    severities.map(severity => ({ labels: { state, severity }, value: count(state, severity) })),
  )
}

function findingSamples(judgement: Judgement): readonly Sample[] {
  return rowsOf(judgement)
    .filter(({ state, waived }) => state === 'fail' && !waived)
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.check < b.check ? -1 : 1))
    .slice(0, maxFindings)
    .map(({ check, severity }) => ({ labels: { check, severity }, value: 1 }))
}

/** No sample over nothing. */
const ratio = (percent: number | undefined): readonly Sample[] => (percent === undefined ? [] : [only(percent / 100)])

const only = (value: number): Sample => ({ labels: {}, value })

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
