// Hosts that wait for their turn: each once, and none while it is worked on.

export interface HostQueue {
  /** hosts that wait or are worked on */
  readonly size: number
  add(hosts: Iterable<number>): void
  /** @returns a host that waits and nobody works on; undefined when there is none, or too many are worked on */
  take(): number | undefined
  /** Nobody takes the host until the work ends, which must not reject. */
  hold(host: number, work: Promise<void>): void
  /** lets who waits for a change look at once */
  wake(): void
  /** Resolves when something is added or ends after this was asked, or on `wake`. */
  changed(): Promise<void>
  /** resolves when nothing is worked on */
  held(): Promise<void>
}

/** @param maxHeld hosts that are worked on at once */
export function createHostQueue(maxHeld: number): HostQueue {
  const waiting = new Set<number>()
  const held = new Map<number, Promise<void>>()
  let bell = Promise.withResolvers<void>()
  const wake = () => {
    bell.resolve()
    bell = Promise.withResolvers<void>()
  }
  return {
    get size() {
      return waiting.size + held.size
    },
    add(hosts) {
      for (const host of hosts) waiting.add(host)
      wake()
    },
    take() {
      if (held.size >= maxHeld) return undefined
      for (const host of waiting) {
        if (held.has(host)) continue
        waiting.delete(host)
        return host
      }
      return undefined
    },
    hold(host, work) {
      const done = work.finally(() => {
        held.delete(host)
        wake()
      })
      held.set(host, done)
    },
    wake,
    changed: () => bell.promise,
    held: async () => {
      await Promise.all(held.values())
    },
  }
}
