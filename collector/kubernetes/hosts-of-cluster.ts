// Goes through the hosts of a cluster, some at a time.
import { nodeKeyPrefix } from '../auth/identity.ts'
import type { ClusterHost } from '../store/cluster-hosts.ts'
import type { Store } from '../store/store.ts'

const hostsAtOnce = 200

/** @param only those that nobody heard since then */
export async function* hostsOfCluster(
  { read }: Pick<Store, 'read'>,
  cluster: string,
  only: { readonly silentSinceMs?: number } = {},
): AsyncGenerator<readonly ClusterHost[]> {
  for (let after = 0; ; ) {
    const hosts = await read.clusterHosts(nodeKeyPrefix(cluster), { after, limit: hostsAtOnce, ...only })
    const last = hosts.at(-1)
    if (!last) return
    yield hosts
    after = last.host
  }
}

/** Of the node that it is. */
export const nodeUidOf = ({ hostKey }: ClusterHost, cluster: string) => hostKey.slice(nodeKeyPrefix(cluster).length)
