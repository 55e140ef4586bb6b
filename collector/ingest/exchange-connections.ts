// Hosts that come and go with each exchange: connected in between, with a box for what is to be told next time.
import type { Clock } from '../../runtime/clock.ts'
import type { ConnectedStream, Connections } from './connections.ts'

interface Wish {
  readonly requestId: string
  readonly facets: readonly string[]
}

/** So many wishes wait at most; each may ask for everything. */
const mostWishes = 16

/** The connections as the sessions of exchanges see them. */
export function createExchangeConnections(connections: Connections, clock: Clock): Connections {
  const boxes = new Map<number, Wish[]>()

  /** Stands for the host until it comes again, or was silent for too long. */
  function linger(host: number, { hostId, bootId, identity, backlog, heardMs }: ConnectedStream): void {
    const wishes: Wish[] = []
    boxes.set(host, wishes)
    const absent: ConnectedStream = {
      ...{ hostId, bootId, identity, backlog, heardMs },
      isAlive: async withinMs => clock.now() - heardMs < withinMs,
      rescan(requestId, facets) {
        if (wishes.length < mostWishes) wishes.push({ requestId, facets })
      },
      // The welcome of the next exchange tells it.
      wish: () => undefined,
      relabel: () => undefined,
      end() {
        if (boxes.get(host) === wishes) boxes.delete(host)
        connections.close(host, absent)
      },
    }
    connections.open(host, absent)
  }

  return {
    ...connections,
    hosts: connections.hosts,
    open(host, stream) {
      const wishes = boxes.get(host) ?? []
      connections.open(host, stream)
      for (const { requestId, facets } of wishes) stream.rescan(requestId, facets)
    },
    close(host, stream) {
      const isCurrent = connections.streamOf(host) === stream
      connections.close(host, stream)
      if (isCurrent) linger(host, stream)
    },
  }
}
