// Gives the event loop a turn now and then, because reads of the host are synchronous.
import { systemClock } from '../../runtime/clock.ts'

const longestTurnMs = 8
let turnBeganAt = Number.NEGATIVE_INFINITY

/**
 * Waits one turn of the event loop when the current one is already long, so that deadlines and timers fire.
 * Undefined when there is nothing to wait for.
 */
export function shareTurn(): Promise<void> | undefined {
  if (systemClock.monotonic() - turnBeganAt < longestTurnMs) return undefined
  return new Promise(resolve =>
    setImmediate(() => {
      turnBeganAt = systemClock.monotonic()
      resolve()
    }),
  )
}
