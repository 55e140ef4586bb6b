// Decides when each probe runs again: on its timers, on file changes, on request, and once an hour in any case.
import type { Clock } from '../../runtime/clock.ts'
import { untilTurn } from '../phase.ts'
import type { Probe } from '../probe.ts'

/** Whatever the triggers say, nothing is older than this. */
const resweepMs = 3_600_000
/** An agent that looks less often still looks once in this time. */
const mostPeriodMs = 4 * resweepMs
/** Changes come in bursts; wait this long for the burst to end. */
const debounceMs = 150

export interface Schedule {
  /** runs these probes soon; unknown names are ignored. Resolves when all of them have run. */
  request(names: readonly string[]): Promise<void>
  /** runs these probes soon, since what they read has changed; one that gives no answer waits for its time */
  hint(names: readonly string[]): void
  /** takes new periods over: a probe that is due later than its new period runs earlier */
  retime(): void
  /**
   * Runs until the signal aborts.
   * @param onTurn told that it is here, before each round; returns for how many milliseconds it may sleep at most
   */
  run(signal: AbortSignal, onTurn?: () => number): Promise<void>
}

/** How many times less often probes run than their periods say. */
export interface Slowdown {
  /** all of them, to use less processor time */
  readonly all: () => number
  /** this one, since it gives no answer in time */
  readonly of: (probe: Probe) => number
}

const noSlowdown: Slowdown = { all: () => 1, of: () => 1 }

/**
 * @param sweep reads the given probes; the next round waits for it
 * @param secondsOf period of a probe that somebody set, instead of its own
 * @param hostKey where there is a fleet: what runs hourly has its time within the hour, another on each host
 */
export function createSchedule(
  probes: readonly Probe[],
  clock: Clock,
  sweep: (due: readonly Probe[]) => Promise<void>,
  secondsOf: (probe: Probe) => number | undefined = () => undefined,
  hostKey?: string,
  slowdown: Slowdown = noSlowdown,
): Schedule {
  const dueAt = new Map<string, number>()
  let waiters: { readonly names: Set<string>; readonly done: () => void }[] = []
  let wake = new AbortController()

  /** @param served who asked before the sweep began; later requests wait for the next one */
  function tell(served: readonly (typeof waiters)[number][], ran: readonly Probe[]): void {
    for (const waiter of served) for (const probe of ran) waiter.names.delete(probe.name)
    for (const waiter of served) if (waiter.names.size === 0) waiter.done()
    waiters = waiters.filter(waiter => waiter.names.size > 0)
  }

  function period(probe: Probe): number {
    const seconds = secondsOf(probe)
    const ms = seconds === undefined ? periodOf(probe) : Math.min(resweepMs, seconds * 1_000)
    const times = slowdown.of(probe)
    // Within the hour a probe that gives no answer is tried again all the same.
    const late = times > 1 ? Math.min(resweepMs, Math.max(ms, probe.deadlineMs) * times) : ms
    return Math.min(mostPeriodMs, Math.max(ms, late) * slowdown.all())
  }

  function plan(probe: Probe, from: number): void {
    const ms = period(probe)
    const isHourly = hostKey !== undefined && ms >= resweepMs
    dueAt.set(probe.name, from + (isHourly ? untilTurn(`${hostKey} ${probe.name}`, ms, clock.now()) : ms))
  }

  function soon(names: readonly string[]): readonly string[] {
    const at = clock.monotonic() + debounceMs * slowdown.all()
    const known = names.filter(name => probes.some(probe => probe.name === name))
    for (const name of known) dueAt.set(name, Math.min(at, dueAt.get(name) ?? at))
    wake.abort()
    return known
  }

  return {
    request(names) {
      const known = soon(names)
      if (known.length === 0) return Promise.resolve()
      return new Promise(done => waiters.push({ names: new Set(known), done }))
    },
    hint: names =>
      void soon(names.filter(name => probes.some(probe => probe.name === name && slowdown.of(probe) <= 1))),
    retime() {
      const now = clock.monotonic()
      for (const probe of probes) dueAt.set(probe.name, Math.min(dueAt.get(probe.name) ?? now, now + period(probe)))
      wake.abort()
    },
    async run(signal, onTurn = () => mostPeriodMs) {
      for (const probe of probes) if (!dueAt.has(probe.name)) plan(probe, clock.monotonic())
      signal.addEventListener('abort', () => wake.abort(), { once: true })
      while (!signal.aborted) {
        wake = new AbortController()
        const longestMs = onTurn()
        const now = clock.monotonic()
        const due = probes.filter(probe => (dueAt.get(probe.name) ?? 0) <= now)
        if (due.length === 0) {
          await clock.sleep(Math.max(1, Math.min(longestMs, Math.min(...dueAt.values()) - now)), wake.signal)
          continue
        }
        for (const probe of due) plan(probe, now)
        const planned = new Map(due.map(probe => [probe, dueAt.get(probe.name)]))
        const served = [...waiters]
        await sweep(due)
        tell(served, due)
        for (const [probe, at] of planned) {
          if (slowdown.of(probe) > 1 && dueAt.get(probe.name) === at) plan(probe, now)
        }
      }
    },
  }
}

/** The shortest of a probe's timers in milliseconds, an hour when it has none. */
export function periodOf(probe: Probe): number {
  return Math.min(resweepMs, ...probe.triggers.map(trigger => (trigger.kind === 'every' ? trigger.ms : resweepMs)))
}
