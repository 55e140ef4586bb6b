// Whether what a reviewed token was made for is still there: its pod, or its node when it names no pod.
import * as z from 'zod'
import type { Clock } from '../../../runtime/clock.ts'
import { messageOf } from '../../../runtime/errors.ts'
import type { Log } from '../../../runtime/log.ts'
import type { PeerIdentity } from '../identity.ts'
import { type ApiServer, ApiServerUnavailable } from './api-server.ts'

export type KubernetesIdentity = Extract<PeerIdentity, { readonly kind: 'kubernetes' }>

/** `unknown` says nothing about it: the API server did not answer, or does not let the collector ask. */
export type Presence = (identity: KubernetesIdentity) => Promise<'there' | 'gone' | 'unknown'>

export interface PresenceOptions {
  readonly clusters: readonly { readonly name: string; readonly api: ApiServer }[]
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

const ObjectSchema = z.object({
  metadata: z.object({ uid: z.string(), deletionTimestamp: z.iso.datetime().nullish() }),
})

/** As the API server judges tokens: a pod that is being deleted has so long after its time is up. */
const leewayMs = 60_000

export function createPresence({ clusters, clock, log }: PresenceOptions): Presence {
  const told = new Map<string, string>()

  /** Once for each way of failing. */
  function tell(cluster: string, reason: string): void {
    if (told.get(cluster) === reason) return
    told.set(cluster, reason)
    const what = 'whether pods of connected agents are still there cannot be told; their streams stay'
    log.warn(what, { cluster, reason })
  }

  return async identity => {
    const { cluster } = identity
    const api = clusters.find(({ name }) => name === cluster)?.api
    if (!api) return 'unknown'
    try {
      const found = await lookUp(api, identity, clock.now())
      if (told.delete(cluster)) log.info('pods of connected agents are looked up again', { cluster })
      return found
    } catch (error) {
      if (!(error instanceof ApiServerUnavailable)) throw error
      tell(cluster, messageOf(error))
      return 'unknown'
    }
  }
}

async function lookUp(api: ApiServer, { pod, nodeName, nodeUid }: KubernetesIdentity, nowMs: number) {
  const uid = pod ? pod.uid : nodeUid
  const path = pod
    ? `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}`
    : `/api/v1/nodes/${encodeURIComponent(nodeName)}`
  const { status, body } = await api.ask({ method: 'GET', path, metadataOnly: true })
  if (status === 404) return 'gone'
  if (status === 403) throw new ApiServerUnavailable(`the collector may not get ${pod ? 'pods' : 'nodes'}`)
  const { data } = ObjectSchema.safeParse(body)
  if (status !== 200 || !data) throw new ApiServerUnavailable(`answered ${status} and nothing that fits`)
  const { metadata } = data
  if (metadata.uid !== uid) return 'gone'
  const endsMs = metadata.deletionTimestamp
    ? Date.parse(metadata.deletionTimestamp) + leewayMs
    : Number.POSITIVE_INFINITY
  return nowMs > endsMs ? 'gone' : 'there'
}
