// Nodes that prove themselves by the ServiceAccount token of their agent's pod: reviewed by their cluster, and kept a while.
import { createHash } from 'node:crypto'
import type { Clock } from '../../../runtime/clock.ts'
import { messageOf } from '../../../runtime/errors.ts'
import type { Log } from '../../../runtime/log.ts'
import type { TokenBucket } from '../../../runtime/token-bucket.ts'
import { createBoundedCache } from '../../domain/bounded-cache.ts'
import { CannotIdentify, type Identify, NotIdentified, type PeerIdentity } from '../identity.ts'
import { type ApiServer, ApiServerUnavailable } from './api-server.ts'
import type { Cluster } from './cluster.ts'
import { nodeOfToken, podOfToken } from './node-of-token.ts'
import { reviewToken } from './review-token.ts'
import { type TokenClaims, unverifiedClaims } from './token-claims.ts'

export interface TokenIdentityOptions {
  readonly clusters: readonly ReviewingCluster[]
  readonly clock: Clock
  readonly log: Log
  /** for reviews of all clusters together: 0 when one may be made now, else milliseconds to wait */
  readonly limiter: Pick<TokenBucket, 'take'>
}

export interface ReviewingCluster extends Pick<Cluster, 'name' | 'audience' | 'issuer' | 'serviceAccounts'> {
  readonly api: ApiServer
}

/** How long a review is good for, by what it said. A deleted pod's token lives on here for no longer. */
const goodMs = 60_000
const badMs = 10_000
const maxKept = 20_000
/** Reviews under way; what comes on top is put off. */
const maxRunning = 512
const putOffMs = 5_000

interface Review {
  readonly untilMs: number
  readonly identity: PeerIdentity | NotIdentified
}

export function identifyByToken({ clusters, clock, log, limiter }: TokenIdentityOptions): Identify {
  // Apart, so that a flood of bad tokens throws no good one out.
  const kept = { good: createBoundedCache<Review>(maxKept), bad: createBoundedCache<Review>(maxKept) }
  const running = new Map<string, Promise<Review>>()
  const trouble = createTroubleLog(log)

  async function review(token: string, claims: TokenClaims, cluster: ReviewingCluster): Promise<Review> {
    try {
      const reviewed = await reviewToken(cluster.api, cluster, token)
      const node = await nodeOfToken(cluster.api, reviewed)
      const pod = podOfToken(reviewed)
      trouble.over(cluster.name)
      const lifeMs = Math.min(goodMs, claims.expiresAtMs - clock.now())
      const identity = { kind: 'kubernetes', cluster: cluster.name, ...node, ...(pod && { pod }) } as const
      return { untilMs: clock.monotonic() + lifeMs, identity }
    } catch (error) {
      if (!(error instanceof NotIdentified)) throw error
      trouble.over(cluster.name)
      return { untilMs: clock.monotonic() + badMs, identity: error }
    }
  }

  async function ask(key: string, token: string): Promise<Review> {
    const claims = unverifiedClaims(token)
    if (!claims) throw new NotIdentified('what was shown is no ServiceAccount token')
    const cluster = clusterOf(clusters, claims)
    const waitMs = running.size >= maxRunning ? putOffMs : limiter.take()
    if (waitMs > 0) throw new CannotIdentify('too many tokens are to be reviewed', spread(key, waitMs))
    try {
      const found = await review(token, claims, cluster)
      kept[found.identity instanceof NotIdentified ? 'bad' : 'good'].set(key, found, 1)
      return found
    } catch (error) {
      if (!(error instanceof ApiServerUnavailable)) throw error
      trouble.tell(cluster.name, messageOf(error))
      const text = `the API server of cluster ${cluster.name} cannot be asked about the token now`
      throw new CannotIdentify(text, spread(key, putOffMs))
    }
  }

  return async ({ authorization }) => {
    const token = bearerToken(authorization)
    const key = createHash('sha256').update(token).digest('hex')
    const known = kept.good.get(key) ?? kept.bad.get(key)
    if (known && known.untilMs > clock.monotonic()) return outcomeOf(known)
    const asked = running.get(key) ?? ask(key, token).finally(() => running.delete(key))
    running.set(key, asked)
    return outcomeOf(await asked)
  }
}

function outcomeOf({ identity }: Review): PeerIdentity {
  if (identity instanceof NotIdentified) throw new NotIdentified(identity.message, identity.retryAfterMs)
  return identity
}

function bearerToken(authorization: string): string {
  const token = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization)?.[1]
  if (token !== undefined) return token
  throw new NotIdentified(
    'this listener takes ServiceAccount tokens and enrolls hosts; an enrolled host connects to the other one',
  )
}

/** Whom to ask about a token, by what it says of itself: one cluster, since who is shown a token can use it. */
function clusterOf(clusters: readonly ReviewingCluster[], { issuer, audiences }: TokenClaims): ReviewingCluster {
  const [cluster, other] = clusters.filter(
    one => audiences.includes(one.audience) && (one.issuer === '' || one.issuer === issuer),
  )
  if (!cluster) throw new NotIdentified('the token is for no audience and issuer of the clusters known here')
  if (other) throw new NotIdentified('the token is for the audiences of several clusters')
  return cluster
}

/** Up to as much again by the token, so that those put off at once do not come back at once. */
function spread(key: string, ms: number): number {
  return Math.ceil(ms * (1 + Number.parseInt(key.slice(0, 4), 16) / 0x10000))
}

/** Tells when a cluster begins to fail, fails in another way, and is well again. */
function createTroubleLog(log: Log) {
  const told = new Map<string, string>()
  return {
    tell(cluster: string, reason: string) {
      if (told.get(cluster) === reason) return
      told.set(cluster, reason)
      log.error('tokens of a cluster cannot be reviewed', { cluster, reason })
    },
    over(cluster: string) {
      if (told.delete(cluster)) log.info('tokens of a cluster are reviewed again', { cluster })
    },
  }
}
