// Remembers for each who listens that something happened, until it asks.
import type { Clock } from '../runtime/clock.ts'

export interface Bell {
  ring(): void
  reset(who: string): void
  /** resolves when it rang since the reset, when the time is over, or when the signal aborts: with whether it rang */
  rung(who: string, clock: Clock, ms: number, signal: AbortSignal): Promise<boolean>
}

export function createBell(): Bell {
  const waking = new Map<string, AbortController>()
  return {
    ring() {
      for (const wake of waking.values()) wake.abort()
    },
    reset: who => void waking.set(who, new AbortController()),
    async rung(who, clock, ms, signal) {
      const wake = waking.get(who)
      if (!wake) return false
      await clock.sleep(ms, AbortSignal.any([signal, wake.signal]))
      return wake.signal.aborted
    },
  }
}
