// Shares the turns of the event loop among pieces of work, so that together they never hold it up for long.
import type { Clock } from './clock.ts'

export interface TurnBudget {
  /**
   * To be asked right before each piece of work: who waits for undefined, too, comes late.
   * @returns undefined while this turn has time left; else what resolves in a later one, in the order they asked
   */
  room(): Promise<void> | undefined
  /** counts from now on what is done in this turn without asking */
  begin(): void
}

/** @param limitMs after which a turn takes no more work; the last piece that it took makes it longer by itself */
export function createTurnBudget(clock: Pick<Clock, 'monotonic'>, limitMs: number): TurnBudget {
  const waiting: (() => void)[] = []
  let startedMs: number | undefined

  function begin(): number {
    if (startedMs !== undefined) return startedMs
    setImmediate(nextTurn)
    startedMs = clock.monotonic()
    return startedMs
  }

  function nextTurn(): void {
    startedMs = undefined
    if (waiting.length > 0) admit()
  }

  /** One after another: the next one when whoever was admitted waits for something. */
  function admit(): void {
    if (clock.monotonic() - begin() >= limitMs) return
    waiting.shift()?.()
    // Ticks of now come before whoever was admitted; those that are asked for among them come when it waits.
    if (waiting.length > 0) queueMicrotask(() => process.nextTick(admit))
  }

  return {
    begin: () => void begin(),
    room() {
      if (waiting.length === 0 && clock.monotonic() - begin() < limitMs) return undefined
      begin()
      return new Promise(resolve => waiting.push(resolve))
    },
  }
}
