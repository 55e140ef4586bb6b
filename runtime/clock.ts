// The one place that asks what time it is; tests pass their own.

export interface Clock {
  /** wall clock in milliseconds since the epoch */
  now(): number
  /** monotonic milliseconds, for durations */
  monotonic(): number
  /** resolves after `ms`, or at once when the signal aborts */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const timer = setTimeout(done, ms)
      function done() {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      signal?.addEventListener('abort', done, { once: true })
    }),
}

/** Milliseconds that the machine was awake since its start, the same for every process on it: CLOCK_MONOTONIC. */
export const awakeMs = (): number => Number(process.hrtime.bigint() / 1_000_000n)

/** ISO 8601 text in UTC with milliseconds. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
