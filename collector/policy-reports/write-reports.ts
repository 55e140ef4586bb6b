// Has each cluster hold the reports about nodes that it wants, and no others; of all collectors of a database one does.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { createTokenBucket } from '../../runtime/token-bucket.ts'
import type { ApiServer } from '../auth/kubernetes/api-server.ts'
import type { Cluster } from '../auth/kubernetes/cluster.ts'
import type { ClusterNodes } from '../kubernetes/cluster-nodes.ts'
import { keepSingleton } from '../store/singleton.ts'
import type { Store } from '../store/store.ts'
import { keepReports, type WriteOutcome } from './keep-reports.ts'
import { removeReports } from './remove-reports.ts'
import { policyReportKinds } from './report-kinds.ts'
import { reportOwner } from './report-of-node.ts'

export interface WriteReportsOptions {
  readonly clusters: readonly (Pick<Cluster, 'name' | 'policyReports'> & { readonly api: ApiServer })[]
  /** of the CA that all collectors on this database have */
  readonly pin: string
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
  const { clusters, pin, nodes, store, clock, log, random = Math.random } = options
  const owner = reportOwner(pin)
  const works = clusters.flatMap(({ name: cluster, api, policyReports = 'none' }) => {
    const limiter = createTokenBucket(clock, writeRate)
    const onWrite = (outcome: WriteOutcome) => nodes.reported(cluster, outcome)
    const shared = { cluster, owner, api, store, limiter, clock, log, random, onWrite }
    const view = nodes.view(cluster)
    return policyReportKinds.map(kind => (ended: AbortSignal) => {
      if (kind === policyReports && view) return keepReports({ ...shared, kind, nodes: view }, ended)
      return removeReports({ ...shared, kind }, ended)
    })
  })
  if (works.length === 0) return
  const isWanted = clusters.some(({ policyReports = 'none' }) => policyReports !== 'none')
  const onError = (error: unknown) =>
    log.error('who writes policy reports could not be told', { reason: messageOf(error) })
  const cleaned = new AbortController()
  const work = async (ended: AbortSignal) => {
    await Promise.all(works.map(one => one(ended)))
    // Nobody is to wait for a lock of what is done.
    if (!isWanted) cleaned.abort()
  }
  const until = AbortSignal.any([signal, cleaned.signal])
  void keepSingleton({ store, name: 'policy-reports', clock, onError }, work, until)
}
