// Ends the streams of hosts that were revoked or quarantined, whoever did it: also a command beside this process.
import type { Store } from '../store/store.ts'
import type { Connections } from './connections.ts'

/** @returns what is to be called now and then */
export function createRevocationWatch({ read }: Store, connections: Connections): () => Promise<void> {
  const seen = new Map<string, number>()
  return async () => {
    const standings = await read.standings()
    for (const { hostId, standing, sinceMs } of standings) {
      if (standing === 'active' || seen.get(hostId) === sinceMs) continue
      const host = await read.hostNumber(hostId)
      if (host !== undefined) connections.streamOf(host)?.end(standing)
      seen.set(hostId, sinceMs)
    }
    const names = new Set(standings.map(({ hostId }) => hostId))
    for (const hostId of [...seen.keys()]) if (!names.has(hostId)) seen.delete(hostId)
  }
}
