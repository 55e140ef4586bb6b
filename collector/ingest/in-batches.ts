// Large maps in parts, so that writing one of them does not hold up everything else.

/** Hosts that one transaction writes at once: some milliseconds on SQLite. */
export const hostsAtOnce = 250

export function* inBatches<K, V>(map: ReadonlyMap<K, V>, size: number = hostsAtOnce): Generator<ReadonlyMap<K, V>> {
  let batch = new Map<K, V>()
  for (const [key, value] of map) {
    batch.set(key, value)
    if (batch.size < size) continue
    yield batch
    batch = new Map()
  }
  if (batch.size > 0) yield batch
}
