// The agent that stays: sweeps the host, keeps each facet's latest state, and hands what changed to the uplink.
import type { FacetState } from '../proto/facet.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { Host } from './host/host.ts'
import type { Probe } from './probe.ts'
import { sweep } from './sweep.ts'
import type { Gap, Outbox } from './uplink/outbox/outbox.ts'
import { watchFiles } from './watch/file-watch.ts'
import { createSchedule, type Schedule } from './watch/schedule.ts'

export interface ResidentOptions {
  readonly host: Host
  readonly probes: readonly Probe[]
  readonly clock: Clock
  readonly log: Log
  readonly probePorts: boolean
  /** tells this host from others of its fleet */
  readonly hostKey?: string
  /** takes what changed */
  readonly outbox: Pick<Outbox, 'add' | 'repeat'>
  /** facet → seconds between two runs of its probe, instead of its own; asked anew for each run */
  readonly probeSeconds?: () => Readonly<Record<string, number>>
  /** takes what is to be called when the configuration was read again */
  readonly onReload?: (reload: () => void) => void
  /** told of each answer of a probe, changed or not */
  readonly onProbe?: (state: FacetState, durationMs: number) => void
}

export interface Resident {
  /** every facet as it is now */
  readonly current: ReadonlyMap<string, FacetState>
  /** queues every facet again, for a collector that lost step */
  requeue(gap?: Gap): void
  /** reads these facets again soon, all when empty; resolves when they are read */
  rescan(facets: readonly string[]): Promise<void>
  /** facet → seconds, as the collector wishes it; goes over the agent's own configuration */
  retime(seconds: Readonly<Record<string, number>>): void
  /** first sweep, then on and on until the signal aborts. What changes during the first sweep is read again. */
  run(signal: AbortSignal): Promise<void>
}

export function createResident(options: ResidentOptions): Resident {
  const { host, probes, clock, log, outbox } = options
  const byName = new Map(probes.map(probe => [probe.name, probe]))
  const current = new Map<string, FacetState>()
  const memories = new Map<string, Map<string, unknown>>()

  function take(state: FacetState, durationMs: number): void {
    options.onProbe?.(state, durationMs)
    const before = current.get(state.facet)
    current.set(state.facet, state)
    const facet = byName.get(state.facet)?.facet
    if (!facet || before?.digest === state.digest) return
    outbox.add(facet, state, clock.now(), before === undefined)
    if (before) log.info('facet changed', { facet: state.facet, state: state.state })
  }

  const look = async (due: readonly Probe[]) => {
    const { probePorts } = options
    await sweep({ host, probes: due, clock, log, probePorts, oneShot: false, memories, onFacet: take })
  }
  let wished: Readonly<Record<string, number>> = {}
  const secondsOf = ({ name }: Probe) => wished[name] ?? options.probeSeconds?.()[name]
  const schedule = createSchedule(probes, clock, look, secondsOf, options.hostKey)
  options.onReload?.(schedule.retime)

  return {
    current,
    requeue(gap) {
      for (const state of current.values()) {
        const facet = byName.get(state.facet)?.facet
        if (facet) outbox.repeat(facet, state, clock.now(), gap)
      }
    },
    rescan: facets => schedule.request(facets.length > 0 ? facets : probes.map(probe => probe.name)),
    retime(seconds) {
      wished = seconds
      schedule.retime()
    },
    async run(signal) {
      const started = clock.monotonic()
      const watch = await watchFor(options, schedule.request, signal)
      await look(probes)
      log.info('first sweep done', { facets: current.size, durationMs: Math.round(clock.monotonic() - started) })
      await Promise.all([schedule.run(signal), watch.ended])
    },
  }
}

async function watchFor(
  { host, probes, clock, log }: ResidentOptions,
  request: Schedule['request'],
  signal: AbortSignal,
): ReturnType<typeof watchFiles> {
  const readers = new Map<string, string[]>()
  for (const probe of probes) {
    for (const trigger of probe.triggers) {
      if (trigger.kind !== 'watch') continue
      for (const path of trigger.paths) readers.set(path, [...(readers.get(path) ?? []), probe.name])
    }
  }
  const onChange = (path: string) => void request(readers.get(path) ?? [])
  return watchFiles({ host, clock, log, paths: [...readers.keys()], onChange }, signal)
}
