// A map that stays within a size: what was used least recently goes first.

export interface BoundedCache<V> {
  get(key: string): V | undefined
  /** @param size what this entry takes of the whole */
  set(key: string, value: V, size: number): void
}

interface Entry<V> {
  readonly value: V
  readonly size: number
  /** moves of entries to the young end until it was moved there */
  readonly movedAt: number
}

/**
 * What was used among the latest stays where it is: in a large map a move costs more than what is looked up is worth.
 * @param maxSize sum of the sizes of what is kept; a single larger entry is kept alone
 */
export function createBoundedCache<V extends object>(maxSize: number): BoundedCache<V> {
  const kept = new Map<string, Entry<V>>()
  let total = 0
  let moves = 0
  return {
    get(key) {
      const known = kept.get(key)
      if (!known) return undefined
      if (moves - known.movedAt > kept.size / 2) {
        kept.delete(key)
        kept.set(key, { ...known, movedAt: moves++ })
      }
      return known.value
    },
    set(key, value, size) {
      total += size - (kept.get(key)?.size ?? 0)
      kept.delete(key)
      kept.set(key, { value, size, movedAt: moves++ })
      for (const [oldest, entry] of kept) {
        if (total <= maxSize || oldest === key) break
        kept.delete(oldest)
        total -= entry.size
      }
    },
  }
}
