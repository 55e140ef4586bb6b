// Ends the streams of hosts that were revoked or quarantined, whoever did it: also a command beside this process.
import type { Store } from '../store/store.ts'
import type { Connections } from './connections.ts'

/** To be called now and then. A stream that slipped in while its host was revoked ends the next time. */
export async function endRevoked({ read }: Store, connections: Connections): Promise<void> {
  for (const { host, standing } of await read.standings()) {
    if (standing !== 'active') connections.streamOf(host)?.end(standing === 'quarantined' ? standing : 'revoked')
  }
}
