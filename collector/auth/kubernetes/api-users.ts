// Users of the API that a cluster vouches for: its tokens, its RBAC, each answer kept for a while.
import { createHash } from 'node:crypto'
import type { Clock } from '../../../runtime/clock.ts'
import { messageOf } from '../../../runtime/errors.ts'
import type { Log } from '../../../runtime/log.ts'
import type { TokenBucket } from '../../../runtime/token-bucket.ts'
import { createBoundedCache } from '../../domain/bounded-cache.ts'
import type { Principal } from '../access/principal.ts'
import type { Right } from '../access/rights.ts'
import { CannotIdentify, NotIdentified } from '../identity.ts'
import { type ApiServer, ApiServerUnavailable } from './api-server.ts'
import type { Cluster } from './cluster.ts'
import { type ReviewedUser, reviewAccess, reviewUser } from './review-user.ts'
import { type TokenClaims, unverifiedClaims } from './token-claims.ts'

export interface ApiUsersOptions {
  readonly clusters: readonly (Pick<Cluster, 'name' | 'issuer'> & {
    readonly apiAudience: string
    readonly api: ApiServer
  })[]
  readonly clock: Clock
  readonly log: Log
  /** for reviews of all clusters together */
  readonly limiter: Pick<TokenBucket, 'take'>
}

type ReviewingCluster = ApiUsersOptions['clusters'][number]

/** How long an answer is good for, by what it said. */
const goodMs = 60_000
const badMs = 10_000
const maxKept = 5_000
const putOffMs = 5_000

interface Kept<T> {
  readonly untilMs: number
  readonly value: T
}

/** @returns who a bearer token is of; it throws NotIdentified, or CannotIdentify when that cannot be told now */
export function createApiUsers(options: ApiUsersOptions): (token: string) => Promise<Principal> {
  const { clusters, clock } = options
  // Apart, so that a flood of bad tokens throws no good one out.
  const good = createBoundedCache<Kept<Principal>>(maxKept)
  const bad = createBoundedCache<Kept<NotIdentified>>(maxKept)
  const running = new Map<string, Promise<Principal>>()

  async function review(key: string, token: string): Promise<Principal> {
    const claims = unverifiedClaims(token)
    if (!claims) throw new NotIdentified('what was shown is neither an API token nor a ServiceAccount token')
    const cluster = clusterOf(clusters, claims)
    const startedMs = clock.monotonic()
    try {
      const user = await ask(options, cluster, () => reviewUser(cluster.api, cluster.apiAudience, token))
      const untilMs = startedMs + Math.min(goodMs, claims.expiresAtMs - clock.now())
      const principal = principalOf(options, cluster, user, claims)
      good.set(key, { untilMs, value: principal }, 1)
      return principal
    } catch (error) {
      if (error instanceof NotIdentified) bad.set(key, { untilMs: startedMs + badMs, value: error }, 1)
      throw error
    }
  }

  return async token => {
    const key = createHash('sha256').update(token).digest('hex')
    const now = clock.monotonic()
    const known = good.get(key)
    if (known && known.untilMs > now) return known.value
    const refused = bad.get(key)
    if (refused && refused.untilMs > now) throw new NotIdentified(refused.value.message)
    const asked = running.get(key) ?? review(key, token).finally(() => running.delete(key))
    running.set(key, asked)
    return asked
  }
}

/** Rights are asked for when they are needed, one by one. */
function principalOf(
  options: ApiUsersOptions,
  cluster: ReviewingCluster,
  user: ReviewedUser,
  { expiresAtMs }: TokenClaims,
): Principal {
  const { clock } = options
  const answers = new Map<string, Kept<Promise<boolean>>>()
  return {
    ...{ kind: 'kubernetes', name: `kubernetes:${cluster.name}/${user.username}`, role: '', scope: {}, expiresAtMs },
    async may(right: Right) {
      const key = `${right.resource} ${right.verb}`
      const known = answers.get(key)
      if (known && known.untilMs > clock.monotonic()) return known.value
      const value = ask(options, cluster, () => reviewAccess(cluster.api, user, right))
      const startedMs = clock.monotonic()
      answers.set(key, { untilMs: startedMs + goodMs, value })
      try {
        const isAllowed = await value
        if (!isAllowed) answers.set(key, { untilMs: startedMs + badMs, value })
        return isAllowed
      } catch (error) {
        answers.delete(key)
        throw error
      }
    },
  }
}

async function ask<T>(
  { limiter, log }: ApiUsersOptions,
  { name }: ReviewingCluster,
  work: () => Promise<T>,
): Promise<T> {
  const waitMs = limiter.take()
  if (waitMs > 0) throw new CannotIdentify('too many tokens are to be reviewed', waitMs)
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiServerUnavailable)) throw error
    log.error('a user of the API cannot be reviewed', { cluster: name, reason: messageOf(error) })
    throw new CannotIdentify(`the API server of cluster ${name} cannot be asked now`, putOffMs)
  }
}

/** Whom to ask about a token, by what it says of itself: one cluster, since who is shown a token can use it. */
function clusterOf(clusters: readonly ReviewingCluster[], { issuer, audiences }: TokenClaims): ReviewingCluster {
  const [cluster, other] = clusters.filter(
    one => audiences.includes(one.apiAudience) && (one.issuer === '' || one.issuer === issuer),
  )
  const known = [...new Set(clusters.map(one => one.apiAudience))].join(', ')
  if (!cluster) throw new NotIdentified(`the token is for no cluster known here: its audience has to be ${known}`)
  if (other) throw new NotIdentified('the token is for the audiences of several clusters')
  return cluster
}
