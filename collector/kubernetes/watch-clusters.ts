// Watches the nodes of each cluster that is to be watched, and has its hosts follow them.
import type { FollowedApiServer } from '../auth/kubernetes/api-server.ts'
import type { Cluster } from '../auth/kubernetes/cluster.ts'
import type { ClusterNodes } from './cluster-nodes.ts'
import { createNodeFollower, type FollowNodesOptions } from './follow-nodes.ts'
import { watchNodes } from './watch-nodes.ts'

export interface WatchClustersOptions extends Omit<FollowNodesOptions, 'cluster' | 'nodes' | 'retireAfterMs'> {
  readonly clusters: readonly (Pick<Cluster, 'name' | 'watchNodes' | 'retireAfterMinutes'> & {
    readonly api: FollowedApiServer
  })[]
  readonly nodes: ClusterNodes
  /** from 0 up to 1 */
  readonly random?: () => number
}

/** @param signal ends it */
export function watchClusters(options: WatchClustersOptions, signal: AbortSignal): void {
  const { clusters, nodes, random = Math.random, ...shared } = options
  for (const { name: cluster, watchNodes: isWatched = false, retireAfterMinutes = 0, api } of clusters) {
    if (!isWatched) continue
    const book = nodes.open(cluster, change => follower.changed(change))
    const follower = createNodeFollower({ ...shared, cluster, nodes: book, retireAfterMs: retireAfterMinutes * 60_000 })
    void follower.run(signal)
    const { clock, log } = shared
    void watchNodes({ api, cluster, book, clock, log, random, onFailure: () => nodes.failed(cluster) }, signal)
  }
}
