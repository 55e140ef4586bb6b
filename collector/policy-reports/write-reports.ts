// Writes reports about nodes into the clusters that want them; of all collectors of a database one does.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { createTokenBucket } from '../../runtime/token-bucket.ts'
import type { ApiServer } from '../auth/kubernetes/api-server.ts'
import type { Cluster } from '../auth/kubernetes/cluster.ts'
import type { ClusterNodes } from '../kubernetes/cluster-nodes.ts'
import { keepSingleton } from '../store/singleton.ts'
import type { Store } from '../store/store.ts'
import { keepReports } from './keep-reports.ts'

export interface WriteReportsOptions {
  readonly clusters: readonly (Pick<Cluster, 'name' | 'policyReports'> & { readonly api: ApiServer })[]
  readonly nodes: ClusterNodes
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** from 0 up to 1 */
  readonly random?: () => number
}

/** Writes to one API server: five thousand nodes take a quarter of an hour. */
const writeRate = { perSecond: 5, burst: 20 }

/** @param signal ends it */
export function writeReports(options: WriteReportsOptions, signal: AbortSignal): void {
  const { clusters, nodes, store, clock, log, random = Math.random } = options
  const wanting = clusters.flatMap(({ name, api, policyReports = 'none' }) => {
    const view = nodes.view(name)
    if (policyReports === 'none' || !view) return []
    const limiter = createTokenBucket(clock, writeRate)
    const onWrite = (outcome: Parameters<typeof nodes.reported>[1]) => nodes.reported(name, outcome)
    return [{ cluster: name, kind: policyReports, api, nodes: view, store, limiter, clock, log, random, onWrite }]
  })
  if (wanting.length === 0) return
  const onError = (error: unknown) =>
    log.error('who writes policy reports could not be told', { reason: messageOf(error) })
  const work = async (ended: AbortSignal) => {
    await Promise.all(wanting.map(one => keepReports(one, ended)))
  }
  void keepSingleton({ store, name: 'policy-reports', clock, onError }, work, signal)
}
