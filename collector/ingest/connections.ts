// Who is connected now: one stream per host, the newest wins; when each was heard last.
import type { PeerIdentity } from '../auth/identity.ts'
import type { Store } from '../store/store.ts'
import type { Backlog, SyncState } from './backlog.ts'
import { inBatches } from './in-batches.ts'

/** why the collector ends a stream */
export type Ending = 'replaced' | 'silent' | 'shutting_down' | 'quarantined' | 'revoked' | 'gone'

export interface ConnectedStream {
  /** the collector's id of the host */
  readonly hostId: string
  /** boot of the machine that opened it, empty when it is not known */
  readonly bootId: string
  /** time of the last message */
  readonly heardMs: number
  /** who the connection proved to be */
  readonly identity: PeerIdentity
  /** how far the collector is behind the host */
  readonly backlog: Backlog
  /** asks the agent for a sign of life; whether one came in time */
  isAlive(withinMs: number): Promise<boolean>
  rescan(requestId: string, facets: readonly string[]): void
  /** tells what is wished of the agent, when that is something else than before */
  wish(): void
  /** the host has other labels than when it connected */
  relabel(labels: Readonly<Record<string, string>>): void
  end(why: Ending): void
}

export interface Connections {
  /** store numbers of the connected hosts */
  readonly hosts: ReadonlySet<number>
  open(host: number, stream: ConnectedStream): void
  /** forgets the stream; a newer one of the same host stays */
  close(host: number, stream: ConnectedStream): void
  /** @returns whether the host is connected */
  rescan(host: number, requestId: string, facets: readonly string[]): boolean
  /** the stream of a host, undefined when it is not connected */
  streamOf(host: number): ConnectedStream | undefined
  /** how far the collector is behind a host, undefined when it is not connected */
  syncOf(hostId: string, nowMs: number): SyncState | undefined
  /** store numbers of the hosts that the collector is behind */
  catchingUp(nowMs: number): ReadonlySet<number>
  /** every stream that is open now */
  all(): Iterable<ConnectedStream>
  endSilent(beforeMs: number): void
  endAll(): void
  /** writes when hosts were heard last; of those that are connected not each time */
  flush(): Promise<void>
}

/** Of a host that speaks all the time it is written so often when that was: it counts once it is silent. */
const writtenEveryMs = 60_000

export function createConnections(store: Store): Connections {
  const streams = new Map<number, ConnectedStream>()
  const hosts = new Set<number>()
  const byId = new Map<string, ConnectedStream>()
  const written = new Map<number, number>()
  let heard = new Map<number, number>()
  return {
    hosts,
    open(host, stream) {
      const before = streams.get(host)
      streams.set(host, stream)
      byId.set(stream.hostId, stream)
      hosts.add(host)
      before?.end('replaced')
    },
    close(host, stream) {
      heard.set(host, Math.max(stream.heardMs, heard.get(host) ?? 0))
      if (streams.get(host) !== stream) return
      streams.delete(host)
      byId.delete(stream.hostId)
      hosts.delete(host)
      written.delete(host)
    },
    rescan(host, requestId, facets) {
      const stream = streams.get(host)
      stream?.rescan(requestId, facets)
      return stream !== undefined
    },
    streamOf: host => streams.get(host),
    syncOf: (hostId, nowMs) => byId.get(hostId)?.backlog.sync(nowMs),
    catchingUp(nowMs) {
      const behind = [...streams].filter(([, { backlog }]) => backlog.sync(nowMs).state === 'catching-up')
      return new Set(behind.map(([host]) => host))
    },
    all: () => streams.values(),
    endSilent(beforeMs) {
      for (const stream of [...streams.values()]) if (stream.heardMs < beforeMs) stream.end('silent')
    },
    endAll() {
      for (const stream of [...streams.values()]) stream.end('shutting_down')
    },
    async flush() {
      const seen = heard
      heard = new Map()
      for (const [host, { heardMs }] of streams) {
        if (heardMs - (written.get(host) ?? 0) >= writtenEveryMs) seen.set(host, heardMs)
      }
      try {
        await inBatches(seen, async batch => {
          await store.write(transaction => transaction.touchHosts(batch))
          for (const [host, atMs] of batch) if (streams.has(host)) written.set(host, atMs)
        })
      } catch (error) {
        for (const [host, atMs] of seen) if (!heard.has(host)) heard.set(host, atMs)
        throw error
      }
    },
  }
}
