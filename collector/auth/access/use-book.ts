// When API tokens were used last, written in bulk and to the minute.
import type { Clock } from '../../../runtime/clock.ts'
import type { Store } from '../../store/store.ts'

export interface UseBook {
  note(tokenId: string): void
  flush(): Promise<void>
}

const grainMs = 60_000

export function createUseBook({ write }: Pick<Store, 'write'>, clock: Pick<Clock, 'now'>): UseBook {
  const written = new Map<string, number>()
  let fresh = new Map<string, number>()
  return {
    note(tokenId) {
      const atMs = Math.floor(clock.now() / grainMs) * grainMs
      if ((written.get(tokenId) ?? 0) < atMs) fresh.set(tokenId, atMs)
    },
    async flush() {
      if (fresh.size === 0) return
      const used = fresh
      fresh = new Map()
      await write(transaction => transaction.touchApiTokens(used))
      for (const [id, atMs] of used) written.set(id, atMs)
    },
  }
}
