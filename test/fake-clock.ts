// A clock that tests move by hand: sleepers wake in order when their time has come.
import type { Clock } from '../runtime/clock.ts'

export interface FakeClock extends Clock {
  /** moves time forward and wakes who slept until then */
  advance(ms: number): Promise<void>
  /** who sleeps now, in milliseconds from now */
  readonly sleepers: readonly number[]
}

export function createFakeClock(startMs = Date.UTC(2026, 10, 22)): FakeClock {
  let now = startMs
  let waiting: { readonly at: number; readonly wake: () => void }[] = []
  return {
    now: () => now,
    monotonic: () => now - startMs,
    sleep: (ms, signal) =>
      new Promise(resolve => {
        if (signal?.aborted) return resolve()
        const sleeper = { at: now + ms, wake: resolve }
        waiting.push(sleeper)
        signal?.addEventListener('abort', () => {
          waiting = waiting.filter(item => item !== sleeper)
          resolve()
        })
      }),
    async advance(ms) {
      const end = now + ms
      for (;;) {
        waiting.sort((a, b) => a.at - b.at)
        const next = waiting[0]
        if (!next || next.at > end) break
        waiting.shift()
        now = next.at
        next.wake()
        await settle()
      }
      now = end
      await settle()
    },
    get sleepers() {
      return waiting.map(({ at }) => at - now).sort((a, b) => a - b)
    },
  }
}

/** Lets every promise that can go on go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
}
