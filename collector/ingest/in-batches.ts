// Large maps in parts, so that writing one of them does not hold up everything else.

/** Hosts that one transaction writes at once: some milliseconds on SQLite. */
const hostsAtOnce = 250

/** What was written is taken out of the map: what is in it when this throws was not. @throws what `write` throws */
export async function inBatches<K, V>(
  map: Map<K, V>,
  write: (batch: ReadonlyMap<K, V>) => Promise<void>,
): Promise<void> {
  while (map.size > 0) {
    const batch = new Map(map.entries().take(hostsAtOnce))
    await write(batch)
    for (const key of batch.keys()) map.delete(key)
  }
}
