// Waits for the next message of a stream, for a while.
import type { Clock } from '../../runtime/clock.ts'

export interface SignsOfLife {
  /** something was heard, or the stream is over */
  heard(isAlive: boolean): void
  /** whether something is heard in time */
  next(withinMs: number): Promise<boolean>
}

export function createSignsOfLife(clock: Clock): SignsOfLife {
  const waiting = new Set<(isAlive: boolean) => void>()
  return {
    heard(isAlive) {
      for (const resolve of [...waiting]) resolve(isAlive)
    },
    async next(withinMs) {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const stop = new AbortController()
      waiting.add(resolve)
      void clock.sleep(withinMs, stop.signal).then(() => resolve(false))
      const isAlive = await promise
      stop.abort()
      waiting.delete(resolve)
      return isAlive
    },
  }
}
