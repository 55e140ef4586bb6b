// Asks a cluster whether a token is good, for us, and of an agent that may speak for its node.
import { NotIdentified } from '../identity.ts'
import type { ApiServer } from './api-server.ts'
import type { Cluster } from './cluster.ts'
import { type ReviewedUser, reviewUser } from './review-user.ts'

/** What the API server vouches for. */
export interface ReviewedToken {
  readonly namespace: string
  readonly serviceAccount: string
  readonly extra: ReviewedUser['extra']
}

/**
 * @throws NotIdentified when the token is not good, not for us, or of somebody who speaks for no node
 * @throws ApiServerUnavailable
 */
export async function reviewToken(
  api: ApiServer,
  { audience, serviceAccounts }: Pick<Cluster, 'audience' | 'serviceAccounts'>,
  token: string,
): Promise<ReviewedToken> {
  const { username, extra } = await reviewUser(api, audience, token)
  const [namespace = '', serviceAccount = ''] = accountOf(username)
  if (!serviceAccounts.includes(`${namespace}:${serviceAccount}`)) {
    throw new NotIdentified('the token is of nobody who may speak for a node')
  }
  return { namespace, serviceAccount, extra }
}

const accountOf = (username: string) => /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username)?.slice(1) ?? []
