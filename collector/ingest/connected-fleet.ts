// Who is connected to any of the collectors that share a database, and how those are asked that hold a stream.
import type { Clock } from '../../runtime/clock.ts'
import { silentMs } from '../store/replicas.ts'
import type { Store } from '../store/store.ts'
import type { Connections } from './connections.ts'

export interface ConnectedFleet {
  /** store numbers of hosts, here and, of some moments ago, elsewhere */
  readonly hosts: ReadonlySet<number>
  /** @returns whether the host is connected */
  rescan(host: number, requestId: string, facets: readonly string[]): Promise<boolean>
  /** tells the others of what changed, or that it is still there, and hears of them; to be called every few seconds */
  refresh(): Promise<void>
  /** this collector holds no streams any more */
  leave(): Promise<void>
}

/** It says that it is there this often, whether anything changed or not. */
const tellEveryMs = 30_000

/** @param policyVersion of the policy that this collector has, whether it is in force or not */
export function createConnectedFleet(
  store: Store,
  connections: Connections,
  clock: Clock,
  policyVersion: () => string,
): ConnectedFleet {
  let elsewhere: ReadonlySet<number> = new Set()
  let told = { hosts: '', policy: '', atMs: Number.NEGATIVE_INFINITY }
  let refreshing: Promise<void> | undefined

  async function tell(hosts: ReadonlySet<number>, policy: string, atMs: number): Promise<void> {
    const self = { id: store.replica, hosts, schema: store.schema, policy }
    await store.write(transaction => transaction.putReplica(self, atMs))
  }

  async function tellAndHear(): Promise<void> {
    const now = { hosts: [...connections.hosts].join(), policy: policyVersion(), atMs: clock.now() }
    const isSame = now.hosts === told.hosts && now.policy === told.policy
    if (!isSame || now.atMs >= told.atMs + tellEveryMs) {
      await tell(connections.hosts, now.policy, now.atMs)
      told = now
    }
    elsewhere = new Set(await store.read.hostsOfOthers(store.replica, now.atMs - silentMs))
  }

  return {
    get hosts() {
      return elsewhere.size === 0 ? connections.hosts : new Set([...elsewhere, ...connections.hosts])
    },
    async rescan(host, requestId, facets) {
      if (connections.rescan(host, requestId, facets)) return true
      if (!elsewhere.has(host)) return false
      await store.signals.tell({ kind: 'rescan', host, requestId, facets })
      return true
    },
    async refresh() {
      if (!store.isShared) return
      refreshing ??= tellAndHear().finally(() => {
        refreshing = undefined
      })
      await refreshing
    },
    async leave() {
      // It still writes what it took: that it is gone is said when its store is closed.
      if (store.isShared) await tell(new Set(), '', clock.now())
    },
  }
}
