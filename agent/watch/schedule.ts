// Decides when each probe runs again: on its timers, on file changes, on request, and once an hour in any case.
import type { Clock } from '../../runtime/clock.ts'
import type { Probe } from '../probe.ts'

/** Whatever the triggers say, nothing is older than this. */
const resweepMs = 3_600_000
/** Changes come in bursts; wait this long for the burst to end. */
const debounceMs = 150

export interface Schedule {
  /** runs these probes soon; unknown names are ignored */
  request(names: readonly string[]): void
  /** runs until the signal aborts */
  run(signal: AbortSignal): Promise<void>
}

/** @param sweep reads the given probes; the next round waits for it */
export function createSchedule(
  probes: readonly Probe[],
  clock: Clock,
  sweep: (due: readonly Probe[]) => Promise<void>,
): Schedule {
  const dueAt = new Map<string, number>()
  let wake = new AbortController()

  function plan(probe: Probe, from: number): void {
    dueAt.set(probe.name, from + periodOf(probe))
  }

  return {
    request(names) {
      const soon = clock.monotonic() + debounceMs
      for (const name of names) {
        const planned = dueAt.get(name)
        if (planned !== undefined && planned > soon) dueAt.set(name, soon)
      }
      wake.abort()
    },
    async run(signal) {
      for (const probe of probes) plan(probe, clock.monotonic())
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
        await sweep(due)
      }
    },
  }
}

/** The shortest of a probe's timers in milliseconds, an hour when it has none. */
export function periodOf(probe: Probe): number {
  return Math.min(resweepMs, ...probe.triggers.map(trigger => (trigger.kind === 'every' ? trigger.ms : resweepMs)))
}
