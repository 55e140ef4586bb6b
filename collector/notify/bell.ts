// Remembers for each who listens that something happened, until it asks.
import type { Clock } from '../../runtime/clock.ts'

export interface Bell {
  ring(): void
  reset(who: string): void
  /** resolves when it rang since the reset, when the time is over, or when the signal aborts */
  rung(who: string, clock: Clock, ms: number, signal: AbortSignal): Promise<void>
}

export function createBell(): Bell {
  const quiet = new Set<string>()
  const waiting = new Set<AbortController>()
  return {
    ring() {
      quiet.clear()
      for (const wait of [...waiting]) wait.abort()
    },
    reset: who => void quiet.add(who),
    async rung(who, clock, ms, signal) {
      if (!quiet.has(who)) return
      const wait = new AbortController()
      const stop = () => wait.abort()
      waiting.add(wait)
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      await clock.sleep(ms, wait.signal)
      signal.removeEventListener('abort', stop)
      waiting.delete(wait)
    },
  }
}
