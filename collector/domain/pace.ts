// How much of a long work is done at once: as much as takes some milliseconds where it runs.
import type { Clock } from '../../runtime/clock.ts'

export interface Pace {
  /** what the next step takes */
  readonly rows: number
  /** runs what a step does without letting others run, and learns from how long it took */
  timed<T>(work: () => Promise<T>): Promise<T>
}

const fewest = 10
const first = 50
const most = 400
/** A step that took less may be larger, one that took more has to be smaller. */
const shortMs = 4
const longMs = 12

export function createPace(clock: Pick<Clock, 'monotonic'>): Pace {
  let rows = first
  return {
    get rows() {
      return rows
    },
    async timed(work) {
      const startedMs = clock.monotonic()
      const done = await work()
      const ms = clock.monotonic() - startedMs
      if (ms > longMs) rows = Math.max(fewest, Math.floor(rows / 2))
      else if (ms < shortMs) rows = Math.min(most, rows * 2)
      return done
    },
  }
}
