// Tells other collectors of hosts that they are to judge: many at once, and not at every change.
import type { Clock } from '../../runtime/clock.ts'

export interface HandOver {
  add(hosts: Iterable<number>): void
  /** tells of those that wait, and of no others */
  close(): Promise<void>
}

/** How long those wait that came first: one message for all of a moment. */
const gatherMs = 100
/** Hosts in one message, whatever their numbers are: the server takes 8,000 bytes. */
const hostsAtOnce = 400

/** @param tell must not reject: whoever judges looks by itself from time to time, too */
export function createHandOver(tell: (hosts: readonly number[]) => Promise<void>, clock: Clock): HandOver {
  const waiting = new Set<number>()
  const over = new AbortController()
  let telling: Promise<void> | undefined
  async function tellAll(): Promise<void> {
    while (waiting.size > 0) {
      await clock.sleep(gatherMs, over.signal)
      const hosts = [...waiting]
      waiting.clear()
      for (let from = 0; from < hosts.length; from += hostsAtOnce) await tell(hosts.slice(from, from + hostsAtOnce))
    }
    telling = undefined
  }
  return {
    add(hosts) {
      if (over.signal.aborted) return
      for (const host of hosts) waiting.add(host)
      telling ??= waiting.size > 0 ? tellAll() : undefined
    },
    async close() {
      over.abort()
      await telling
    },
  }
}
