// What one host's agent found, in the text format of Prometheus, for the textfile collector of node_exporter.
import { type Check, type Result, resultStates, type Score, severities } from '../policy/check.ts'
import type { FacetState } from '../proto/facet.ts'

export interface ProbeMetric {
  readonly probe: string
  readonly state: FacetState['state']
  /** of its last run */
  readonly durationMs: number
}

export interface HostMetrics {
  readonly version: string
  readonly probes: readonly ProbeMetric[]
  /** left out until something was judged */
  readonly judgement?: {
    readonly atMs: number
    readonly score: Score
    readonly results: readonly Result[]
    readonly checks: readonly Check[]
  }
}

/** Findings that are told by their check; how many there are stands in the results anyway. */
const maxFindings = 500
const facetStates = ['present', 'absent', 'unreadable', 'error'] as const satisfies readonly FacetState['state'][]

interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** @source the exposition format of Prometheus, version 0.0.4 */
export function renderPrometheus({ version, probes, judgement }: HostMetrics): string {
  return [
    gauge('gabion_agent_info', 'The agent that wrote this', [{ labels: { version }, value: 1 }]),
    gauge(
      'gabion_probe_state',
      'Whether a probe’s facet is in this state',
      probes.flatMap(({ probe, state }) =>
        facetStates.map(one => ({ labels: { probe, state: one }, value: one === state ? 1 : 0 })),
      ),
    ),
    gauge(
      'gabion_probe_duration_seconds',
      'Duration of a probe’s last run',
      probes.map(({ probe, durationMs }) => ({ labels: { probe }, value: durationMs / 1000 })),
    ),
    ...(judgement ? judged(judgement) : []),
  ].join('')
}

function judged({ atMs, score, results, checks }: NonNullable<HostMetrics['judgement']>): readonly string[] {
  const severityOf = new Map(checks.map(check => [check.id, check.severity]))
  const rows = results.map(({ check, state, waiver }) => {
    return { check, state, waived: waiver !== undefined, severity: severityOf.get(check) ?? 'medium' }
  })
  const count = (state: string, severity: string) =>
    rows.filter(row => row.state === state && row.severity === severity).length
  const findings = rows
    .filter(({ state, waived }) => state === 'fail' && !waived)
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.check < b.check ? -1 : 1))
  return [
    gauge('gabion_host_judged_timestamp_seconds', 'When this host was judged', [only(Math.floor(atMs / 1000))]),
    gauge('gabion_host_score_ratio', 'Weight of what passed, of all that was judged', [only(score.score / 100)]),
    gauge('gabion_host_coverage_ratio', 'Part of the checks that could be judged', [only(score.coverage / 100)]),
    gauge(
      'gabion_host_results',
      'Results by state and severity',
      resultStates.flatMap(state =>
        severities.map(severity => ({ labels: { state, severity }, value: count(state, severity) })),
      ),
    ),
    gauge('gabion_host_results_waived', 'Results that somebody accepted', [only(score.waived)]),
    gauge(
      'gabion_host_finding',
      `A check that fails and is not waived, the worst ${maxFindings} at most`,
      findings.slice(0, maxFindings).map(({ check, severity }) => ({ labels: { check, severity }, value: 1 })),
    ),
  ]
}

const only = (value: number): Sample => ({ labels: {}, value })

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
