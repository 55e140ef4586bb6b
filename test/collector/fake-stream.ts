// A stream that remembers what it was told, for tests of those who keep streams.
import type { PeerIdentity } from '../../collector/auth/identity.ts'
import { createBacklog } from '../../collector/ingest/backlog.ts'
import type { ConnectedStream } from '../../collector/ingest/connections.ts'

export interface FakeStream extends ConnectedStream {
  /** `rescan ID FACETS`, or why it was ended */
  readonly events: string[]
}

export function fakeStream(
  heardMs = 1,
  hostId = 'host',
  identity: PeerIdentity = { kind: 'unproven' },
  backlog = createBacklog(0, 0),
): FakeStream {
  const events: string[] = []
  return {
    ...{ heardMs, hostId, bootId: 'boot', identity, backlog, events },
    isAlive: async () => true,
    wish: () => events.push('wish'),
    relabel: labels => events.push(`relabel ${JSON.stringify(labels)}`),
    rescan: (requestId, facets) => events.push(`rescan ${requestId} ${facets.join()}`),
    end: why => events.push(why),
  }
}
