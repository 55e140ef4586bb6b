// Gives the event loop a turn now and then, because reads of the host are synchronous.
import { systemClock } from '../../runtime/clock.ts'

const longestTurnMs = 8
let turnBeganAt = Number.NEGATIVE_INFINITY
/** Shared by all who wait, so that together they use one turn's time and not one each. */
let nextTurn: Promise<void> | undefined

/**
 * Waits one turn of the event loop when the current one is already long, so that deadlines and timers fire.
 * Undefined when there is nothing to wait for.
 */
export function shareTurn(): Promise<void> | undefined {
  if (systemClock.monotonic() - turnBeganAt < longestTurnMs) return undefined
  nextTurn ??= new Promise(resolve =>
    setImmediate(() => {
      turnBeganAt = systemClock.monotonic()
      nextTurn = undefined
      resolve()
    }),
  )
  return nextTurn
}
