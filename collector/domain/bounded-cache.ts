// A map that stays within a size: what was used least recently goes first.

export interface BoundedCache<V> {
  get(key: string): V | undefined
  /** @param size what this entry takes of the whole */
  set(key: string, value: V, size: number): void
}

/** @param maxSize sum of the sizes of what is kept; a single larger entry is kept alone */
export function createBoundedCache<V extends object>(maxSize: number): BoundedCache<V> {
  const kept = new Map<string, { readonly value: V; readonly size: number }>()
  let total = 0
  return {
    get(key) {
      const known = kept.get(key)
      if (!known) return undefined
      kept.delete(key)
      kept.set(key, known)
      return known.value
    },
    set(key, value, size) {
      total += size - (kept.get(key)?.size ?? 0)
      kept.delete(key)
      kept.set(key, { value, size })
      for (const [oldest, entry] of kept) {
        if (total <= maxSize || oldest === key) break
        kept.delete(oldest)
        total -= entry.size
      }
    },
  }
}
