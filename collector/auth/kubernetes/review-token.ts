// Asks a cluster whether a token is good, for us, and whose: TokenReview of authentication.k8s.io/v1.
import * as z from 'zod'
import { visible } from '../../../policy/visible-text.ts'
import { NotIdentified } from '../identity.ts'
import { type ApiServer, ApiServerUnavailable } from './api-server.ts'
import type { Cluster } from './cluster.ts'

/** What the API server vouches for. */
export interface ReviewedToken {
  readonly namespace: string
  readonly serviceAccount: string
  /** such as `authentication.kubernetes.io/pod-name` → one value */
  readonly extra: Readonly<Record<string, readonly string[]>>
}

const ReviewSchema = z.object({
  apiVersion: z.literal('authentication.k8s.io/v1'),
  kind: z.literal('TokenReview'),
  status: z.object({
    authenticated: z.boolean().nullish(),
    audiences: z.array(z.string()).nullish(),
    error: z.string().nullish(),
    user: z
      .object({ username: z.string().nullish(), extra: z.record(z.string(), z.array(z.string())).nullish() })
      .nullish(),
  }),
})

const maxReasonCharacters = 300

/**
 * @throws NotIdentified when the token is not good, not for us, or of somebody who speaks for no node
 * @throws ApiServerUnavailable
 */
export async function reviewToken(
  api: ApiServer,
  { audience, serviceAccounts }: Pick<Cluster, 'audience' | 'serviceAccounts'>,
  token: string,
): Promise<ReviewedToken> {
  const { status, body } = await api.ask({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/tokenreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences: [audience] } },
  })
  if (status === 403) throw new ApiServerUnavailable('the collector may not create tokenreviews')
  const { data } = ReviewSchema.safeParse(body)
  if (status >= 400 || !data) throw new ApiServerUnavailable(`a TokenReview was answered by ${status} and no review`)
  const { authenticated, audiences, user, error } = data.status
  if (authenticated !== true) {
    const reason = visible((error ?? '').replaceAll(token, '…').slice(0, maxReasonCharacters))
    throw new NotIdentified(`the cluster does not accept the token${reason && `: ${reason}`}`)
  }
  // A server that knows no audiences answers without: the token is then good for the API server itself, not for us.
  if (!audiences?.includes(audience)) throw new NotIdentified(`the token is not for the audience ${audience}`)
  const [namespace = '', serviceAccount = ''] = accountOf(user?.username ?? '')
  if (!serviceAccounts.includes(`${namespace}:${serviceAccount}`)) {
    throw new NotIdentified('the token is of nobody who may speak for a node')
  }
  return { namespace, serviceAccount, extra: user?.extra ?? {} }
}

const accountOf = (username: string) => /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username)?.slice(1) ?? []
