// Puts the clusters of a collector to work: who a token is of, and the CA bundle where their agents find it.
import type { Clock } from '../../../runtime/clock.ts'
import type { Log } from '../../../runtime/log.ts'
import type { Identify } from '../identity.ts'
import { type FollowedApiServer, openApiServer } from './api-server.ts'
import type { Cluster } from './cluster.ts'
import { identifyByToken, type TokenIdentityOptions } from './identify-by-token.ts'
import { createPresence, type Presence } from './presence.ts'
import { publishAuthorities } from './publish-authorities.ts'

export interface ClustersOptions {
  readonly clusters: readonly Cluster[]
  /** PEM of what agents verify the collector by, asked again and again; undefined when nobody said what that is */
  readonly certificates: (() => string) | undefined
  readonly limiter: TokenIdentityOptions['limiter']
  readonly clock: Clock
  readonly log: Log
}

export interface OpenClusters {
  readonly identify: Identify
  readonly presence: Presence
  readonly clusters: readonly (Cluster & { readonly api: FollowedApiServer })[]
}

/** @param signal ends the publishing */
export function openClusters(options: ClustersOptions, signal: AbortSignal): OpenClusters {
  const { certificates, limiter, clock, log } = options
  const clusters = options.clusters.map(cluster => {
    const { name, apiServer, caFile, tokenFile } = cluster
    const api = openApiServer({ url: apiServer, caFile, tokenFile })
    log.info('accepting tokens of a cluster', { cluster: name, apiServer, serviceAccounts: cluster.serviceAccounts })
    return { ...cluster, api }
  })
  for (const { name, api, publishNamespace } of clusters) {
    if (publishNamespace === '') continue
    if (certificates) {
      void publishAuthorities({ api, cluster: name, namespace: publishNamespace, certificates, clock, log }, signal)
    } else log.warn('no CA bundle is published: the server certificate is not ours, and tlsCaFile is not set', { name })
  }
  const identify = identifyByToken({ clusters, clock, log, limiter })
  return { identify, presence: createPresence({ clusters, clock, log }), clusters }
}
