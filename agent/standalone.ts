// The resident agent without a collector: sweeps, judges by itself, tells what changed, and keeps metrics.
import type { Result } from '../policy/check.ts'
import { bounded, visible } from '../policy/visible-text.ts'
import { waiverNotices } from '../policy/waivers.ts'
import type { FacetState } from '../proto/facet.ts'
import { type HostMetrics, type ProbeMetric, renderPrometheus } from '../report/prometheus.ts'
import { isoTime } from '../runtime/clock.ts'
import { messageOf } from '../runtime/errors.ts'
import type { Log } from '../runtime/log.ts'
import { version } from '../runtime/version.ts'
import { createFacetDrift } from './facet-drift.ts'
import type { SelfLimits } from './health/self-limits.ts'
import { type Judgement, judgeHost } from './policy/judge-host.ts'
import type { Site } from './policy/open-site.ts'
import { createResident, type ResidentOptions } from './resident.ts'

/** A state, and whether it is accepted. */
type Verdict = Result['state'] | `${'fail' | 'error'} (waived)`

/** One line about a changed fact, or about a result that turned. */
export type DriftLine = {
  readonly at: string
  readonly change: string
  readonly field: string
  readonly text: string
} & ({ readonly facet: string } | { readonly check: string; readonly before: Verdict; readonly after: Verdict })

export interface StandaloneOptions extends Omit<ResidentOptions, 'outbox' | 'onProbe' | 'book' | 'slowdown'> {
  /** holds it to its budget; none when left out */
  readonly limits?: SelfLimits
  readonly emit: (line: DriftLine) => void
  /** reads what the host is judged by. @throws GabionError (config) for a policy with mistakes */
  readonly openSite: () => Promise<Site>
  /** calls back when the policy is to be read again */
  readonly onReload?: (reload: () => void) => void
  /** keeps the metrics; undefined when nobody wants them. What it throws is logged */
  readonly writeMetrics: ((text: string) => void) | undefined
}

/** Changes come in bursts: facets that change together are judged together. */
const settleMs = 300
/** Durations of probes change with each sweep; they are written this often. */
const metricsMs = 15_000
/** Whatever `validUntil` says, judged at least this often. */
const judgeMs = 3_600_000

export async function runStandalone(options: StandaloneOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, emit } = options
  const drift = createFacetDrift()
  const metrics = new Map<string, ProbeMetric>()
  let site = await options.openSite()
  let isReloadWanted = false
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
    repeat: () => undefined,
  }
  const onProbe: ResidentOptions['onProbe'] = ({ facet, state }, durationMs) => {
    metrics.set(facet, { probe: facet, state, durationMs })
  }
  const { limits } = options
  const resident = createResident({ ...options, outbox, onProbe, slowdown: () => limits?.slowdown ?? 1 })
  limits?.onSlowdown(resident.repace)
  limits?.onShortage(resident.forget)
  const write = writerOf(options, metrics)

  async function reload(): Promise<void> {
    isReloadWanted = false
    try {
      site = await options.openSite()
      isDirty = true
      log.info('policy read again', { files: site.policy.files.length, digest: site.judge.catalog.digest })
    } catch (error) {
      log.error('policy could not be read again, the one before stays', { reason: messageOf(error) })
    }
  }

  async function keepJudging(): Promise<void> {
    let last: Judged | undefined
    while (!signal.aborted) {
      // What comes while a host is judged wakes the sleep after it.
      wake = new AbortController()
      if (isReloadWanted) await reload()
      const isComplete = resident.current.size === options.probes.length
      const now = clock.now()
      if (isComplete && (isDirty || !last || now >= last.validUntilMs)) {
        isDirty = false
        const next = await judged(site, [...resident.current.values()], now)
        for (const line of turned(last, next)) emit(line)
        tellWaivers(last, next, log)
        if (!last) log.info('judged', { score: next.score.score, coverage: next.score.coverage })
        last = next
      }
      if (isComplete) write(last)
      const untilJudged = last ? Math.max(1, last.validUntilMs - now) : metricsMs
      await clock.sleep(Math.min(metricsMs, untilJudged), AbortSignal.any([signal, wake.signal]))
      await clock.sleep(settleMs, signal)
    }
  }
  options.onReload?.(() => {
    isReloadWanted = true
    wake.abort()
  })
  await Promise.all([resident.run(signal), keepJudging()])
}

interface Judged extends Judgement {
  readonly site: Site
}

async function judged(site: Site, states: readonly FacetState[], atMs: number): Promise<Judged> {
  const judgement = await judgeHost(site, states, atMs)
  return { ...judgement, site, validUntilMs: Math.min(atMs + judgeMs, judgement.validUntilMs) }
}

function verdictOf({ state, waiver }: Pick<Result, 'state' | 'waiver'>): Verdict {
  return waiver && (state === 'fail' || state === 'error') ? `${state} (waived)` : state
}

/** Results that are another than before. A check that came or went with a profile did not turn. */
function turned(before: Judged | undefined, after: Judged): readonly DriftLine[] {
  const old = new Map(before?.results.map(result => [result.check, verdictOf(result)]))
  const titles = new Map(after.site.judge.catalog.checks.map(({ id, title }) => [id, title]))
  return after.results.flatMap((result): DriftLine[] => {
    const { check, evidence, reason } = result
    const [was, is] = [old.get(check), verdictOf(result)]
    if (was === undefined || was === is) return []
    const why = evidence[0] ?? reason
    const title = titles.get(check) ?? check
    const text = bounded(visible(`${title}: ${was} → ${is}${why === '' ? '' : ` (${why})`}`), 500)
    return [{ at: isoTime(after.atMs), check, change: 'changed', field: 'state', text, before: was, after: is }]
  })
}

/** Each notice once. */
function tellWaivers(before: Judged | undefined, after: Judged, log: Log): void {
  const told = new Set(waiverNotices(before?.waivers ?? []))
  for (const notice of waiverNotices(after.waivers))
    if (!told.has(notice)) log.warn('waiver', { notice: visible(notice) })
}

/** A directory that cannot be written is logged once, until it can be again. */
function writerOf({ writeMetrics, log }: StandaloneOptions, metrics: ReadonlyMap<string, ProbeMetric>) {
  let written = ''
  let failure = ''
  return (judgement: Judged | undefined): void => {
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

function hostMetrics(metrics: ReadonlyMap<string, ProbeMetric>, judgement: Judged | undefined): HostMetrics {
  const probes = [...metrics.values()].sort((a, b) => (a.probe < b.probe ? -1 : 1))
  return {
    version,
    probes,
    ...(judgement && { judgement: { ...judgement, checks: judgement.site.judge.catalog.checks } }),
  }
}
