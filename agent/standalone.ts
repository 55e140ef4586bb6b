// The resident agent without a collector: sweeps, judges by itself, tells what changed, and keeps metrics.
import { catalog } from '../policy/catalog.generated.ts'
import type { Check, Result, Score } from '../policy/check.ts'
import { createEngine, score } from '../policy/engine.ts'
import { bounded, visible } from '../policy/visible-text.ts'
import type { FacetState } from '../proto/facet.ts'
import { facetProperty } from '../proto/facet.ts'
import { facets as allFacets } from '../proto/facets.generated.ts'
import { type HostMetrics, type ProbeMetric, renderPrometheus } from '../report/prometheus.ts'
import { isoTime } from '../runtime/clock.ts'
import { messageOf } from '../runtime/errors.ts'
import { version } from '../runtime/version.ts'
import { createFacetDrift } from './facet-drift.ts'
import { createResident, type ResidentOptions } from './resident.ts'

/** One line about a changed fact, or about a result that turned. */
export type DriftLine = {
  readonly at: string
  readonly change: string
  readonly field: string
  readonly text: string
} & (
  | { readonly facet: string }
  | { readonly check: string; readonly before: Result['state']; readonly after: Result['state'] }
)

export interface StandaloneOptions extends Omit<ResidentOptions, 'outbox' | 'onProbe'> {
  readonly emit: (line: DriftLine) => void
  /** keeps the metrics; undefined when nobody wants them. What it throws is logged */
  readonly writeMetrics: ((text: string) => void) | undefined
}

/** Changes come in bursts: facets that change together are judged together. */
const settleMs = 300
/** Durations of probes change with each sweep; they are written this often. */
const metricsMs = 15_000
/** Whatever `validUntil` says, judged at least this often. */
const judgeMs = 3_600_000

interface Judgement {
  readonly atMs: number
  readonly results: readonly Result[]
  readonly score: Score
  readonly validUntilMs: number
}

export async function runStandalone(options: StandaloneOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, emit } = options
  const drift = createFacetDrift()
  const metrics = new Map<string, ProbeMetric>()
  const judge = createJudge()
  let wake = new AbortController()
  let isDirty = false
  const outbox: ResidentOptions['outbox'] = {
    add(facet, state, observedAtMs) {
      for (const { change, field, text } of drift.take(facet, state)) {
        emit({ at: isoTime(observedAtMs), facet: facet.name, change, field, text })
      }
      isDirty = true
      wake.abort()
    },
  }
  const onProbe: ResidentOptions['onProbe'] = ({ facet, state }, durationMs) => {
    metrics.set(facet, { probe: facet, state, durationMs })
  }
  const resident = createResident({ ...options, outbox, onProbe })
  const write = writerOf(options, metrics)

  async function keepJudging(): Promise<void> {
    let last: Judgement | undefined
    while (!signal.aborted) {
      const isComplete = resident.current.size === options.probes.length
      const now = clock.now()
      if (isComplete && (isDirty || !last || now >= last.validUntilMs)) {
        isDirty = false
        const next = judge(resident.current, now)
        for (const line of turned(last, next)) emit(line)
        if (!last) log.info('judged', { score: next.score.score, coverage: next.score.coverage })
        last = next
      }
      if (isComplete) write(last)
      wake = new AbortController()
      const untilJudged = last ? Math.max(1, last.validUntilMs - now) : metricsMs
      await clock.sleep(Math.min(metricsMs, untilJudged), AbortSignal.any([signal, wake.signal]))
      await clock.sleep(settleMs, signal)
    }
  }
  await Promise.all([resident.run(signal), keepJudging()])
}

function createJudge() {
  const engine = createEngine(catalog, allFacets, { verified: true })
  return (current: ReadonlyMap<string, FacetState>, atMs: number): Judgement => {
    const facets = new Map([...current.values()].map(state => [facetProperty(state.facet), state]))
    const results = engine.evaluate({ facets, now: new Date(atMs), profiles: engine.profilesFor(facets) })
    const changes = results.flatMap(({ validUntil }) => (validUntil === undefined ? [] : Date.parse(validUntil)))
    const validUntilMs = Math.min(atMs + judgeMs, ...changes.filter(at => at > atMs))
    return { atMs, results, score: score(results, catalog.checks), validUntilMs }
  }
}

const checks: ReadonlyMap<string, Check> = new Map(catalog.checks.map(check => [check.id, check]))

/** Results that are another than before. A check that came or went with a profile did not turn. */
function turned(before: Judgement | undefined, after: Judgement): readonly DriftLine[] {
  const old = new Map(before?.results.map(({ check, state }) => [check, state]))
  return after.results.flatMap(({ check, state, evidence, reason }): DriftLine[] => {
    const was = old.get(check)
    if (was === undefined || was === state) return []
    const why = evidence[0] ?? reason
    const title = checks.get(check)?.title ?? check
    const text = bounded(visible(`${title}: ${was} → ${state}${why === '' ? '' : ` (${why})`}`), 500)
    return [{ at: isoTime(after.atMs), check, change: 'changed', field: 'state', text, before: was, after: state }]
  })
}

/** A directory that cannot be written is logged once, until it can be again. */
function writerOf({ writeMetrics, log }: StandaloneOptions, metrics: ReadonlyMap<string, ProbeMetric>) {
  let written = ''
  let failure = ''
  return (judgement: Judgement | undefined): void => {
    if (!writeMetrics) return
    const text = renderPrometheus(hostMetrics(metrics, judgement))
    if (text === written) return
    try {
      writeMetrics(text)
      written = text
      failure = ''
    } catch (error) {
      if (messageOf(error) !== failure) log.error('metrics could not be written', { reason: messageOf(error) })
      failure = messageOf(error)
    }
  }
}

function hostMetrics(metrics: ReadonlyMap<string, ProbeMetric>, judgement: Judgement | undefined): HostMetrics {
  const probes = [...metrics.values()].sort((a, b) => (a.probe < b.probe ? -1 : 1))
  return { version, probes, ...(judgement && { judgement: { ...judgement, checks: catalog.checks } }) }
}
