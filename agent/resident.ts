// The agent that stays: sweeps the host, keeps each facet's latest state, and hands what changed to the uplink.
import type { FacetState } from '../proto/facet.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { createProbeBook, type ProbeBook } from './health/probe-book.ts'
import type { Pulse } from './health/pulse.ts'
import type { Host } from './host/host.ts'
import type { Probe } from './probe.ts'
import { sweep } from './sweep.ts'
import type { Gap, Outbox } from './uplink/outbox/outbox.ts'
import { type FileWatch, type WatchCounts, watchFiles } from './watch/file-watch.ts'
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
  /** keeps how each probe does; one of its own when left out */
  readonly book?: ProbeBook
  /** how many times less often to look than probes and files want; asked anew each time */
  readonly slowdown?: () => number
  /** shows whoever asks that the agent lives; nobody asks when left out */
  readonly pulse?: Pulse
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
  /** plans anew when the slowdown has changed */
  repace(): void
  /** drops what probes remember from one run to the next; they read it again */
  forget(): void
  readonly watches: WatchCounts
  /** first sweep, then on and on until the signal aborts. What changes during the first sweep is read again. */
  run(signal: AbortSignal): Promise<void>
}

export function createResident(options: ResidentOptions): Resident {
  const { host, probes, clock, log, outbox, pulse } = options
  const byName = new Map(probes.map(probe => [probe.name, probe]))
  const current = new Map<string, FacetState>()
  const memories = new Map<string, Map<string, unknown>>()
  const book = options.book ?? createProbeBook()
  let watch: FileWatch | undefined

  function take(state: FacetState, durationMs: number): void {
    book.ran(state, durationMs)
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
    pulse?.looked()
  }
  let wished: Readonly<Record<string, number>> = {}
  const secondsOf = ({ name }: Probe) => wished[name] ?? options.probeSeconds?.()[name]
  const slowdown = { all: options.slowdown ?? (() => 1), of: ({ name }: Probe) => book.slowdown(name) }
  const schedule = createSchedule(probes, clock, look, secondsOf, options.hostKey, slowdown)
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
    repace: schedule.retime,
    forget: () => memories.clear(),
    get watches() {
      return watch?.counts ?? { directories: 0, refused: 0, misses: 0 }
    },
    async run(signal) {
      const started = clock.monotonic()
      pulse?.turn()
      watch = await watchFor(options, schedule.hint, signal)
      await look(probes)
      log.info('first sweep done', { facets: current.size, durationMs: Math.round(clock.monotonic() - started) })
      await Promise.all([schedule.run(signal, pulse?.turn), watch.ended])
      pulse?.end()
    },
  }
}

async function watchFor(
  { host, probes, clock, log, slowdown = () => 1 }: ResidentOptions,
  hint: Schedule['hint'],
  signal: AbortSignal,
): Promise<FileWatch> {
  const readers = new Map<string, string[]>()
  for (const probe of probes) {
    for (const trigger of probe.triggers) {
      if (trigger.kind !== 'watch') continue
      for (const path of trigger.paths) readers.set(path, [...(readers.get(path) ?? []), probe.name])
    }
  }
  const onChange = (path: string) => hint(readers.get(path) ?? [])
  return watchFiles({ host, clock, log, paths: [...readers.keys()], onChange, slowdown }, signal)
}
