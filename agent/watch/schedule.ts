// Decides when each probe runs again: on its timers, on file changes, on request, and once an hour in any case.
import type { Clock } from '../../runtime/clock.ts'
import { untilTurn } from '../phase.ts'
import type { Probe } from '../probe.ts'

/** Whatever the triggers say, nothing is older than this. */
const resweepMs = 3_600_000
/** Changes come in bursts; wait this long for the burst to end. */
const debounceMs = 150

export interface Schedule {
  /** runs these probes soon; unknown names are ignored. Resolves when all of them have run. */
  request(names: readonly string[]): Promise<void>
  /** takes new periods over: a probe that is due later than its new period runs earlier */
  retime(): void
  /** runs until the signal aborts */
  run(signal: AbortSignal): Promise<void>
}

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
    return seconds === undefined ? periodOf(probe) : Math.min(resweepMs, seconds * 1_000)
  }

  function plan(probe: Probe, from: number): void {
    const ms = period(probe)
    const isHourly = hostKey !== undefined && ms === resweepMs
    dueAt.set(probe.name, from + (isHourly ? untilTurn(`${hostKey} ${probe.name}`, ms, clock.now()) : ms))
  }

  return {
    request(names) {
      const soon = clock.monotonic() + debounceMs
      const known = names.filter(name => probes.some(probe => probe.name === name))
      for (const name of known) dueAt.set(name, Math.min(soon, dueAt.get(name) ?? soon))
      wake.abort()
      if (known.length === 0) return Promise.resolve()
      return new Promise(done => waiters.push({ names: new Set(known), done }))
    },
    retime() {
      const now = clock.monotonic()
      for (const probe of probes) dueAt.set(probe.name, Math.min(dueAt.get(probe.name) ?? now, now + period(probe)))
      wake.abort()
    },
    async run(signal) {
      for (const probe of probes) if (!dueAt.has(probe.name)) plan(probe, clock.monotonic())
      signal.addEventListener('abort', () => wake.abort(), { once: true })
      while (!signal.aborted) {
        wake = new AbortController()
        const now = clock.monotonic()
        const due = probes.filter(probe => (dueAt.get(probe.name) ?? 0) <= now)
        if (due.length === 0) {
          await clock.sleep(Math.max(1, Math.min(...dueAt.values()) - now), wake.signal)
          continue
        }
        for (const probe of due) plan(probe, now)
        const served = [...waiters]
        await sweep(due)
        tell(served, due)
      }
    },
  }
}

/** The shortest of a probe's timers in milliseconds, an hour when it has none. */
export function periodOf(probe: Probe): number {
  return Math.min(resweepMs, ...probe.triggers.map(trigger => (trigger.kind === 'every' ? trigger.ms : resweepMs)))
}
