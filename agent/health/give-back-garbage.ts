// Gives back now and then what an agent that stays no longer uses: V8 does so only under pressure, which never comes.
import type { Clock } from '../../runtime/clock.ts'

/** A collection takes some 100 ms: a six-hundredth of the time between two. */
const everyMs = 60_000

/** Collects for as long as the signal is not aborted. */
export async function giveBackGarbage(clock: Clock, collect: () => void, signal: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(everyMs, signal)
    if (signal.aborted) return
    collect()
  }
}
