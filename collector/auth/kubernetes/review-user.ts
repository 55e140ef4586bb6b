// Asks a cluster whose a token is (TokenReview), and what that user may do (SubjectAccessReview).
import * as z from 'zod'
import { visible } from '../../../policy/visible-text.ts'
import type { Right } from '../access/rights.ts'
import { NotIdentified } from '../identity.ts'
import { type ApiServer, ApiServerUnavailable } from './api-server.ts'

/** What the API server vouches for. */
export interface ReviewedUser {
  readonly username: string
  readonly uid: string
  readonly groups: readonly string[]
  /** such as `authentication.kubernetes.io/pod-name` → one value */
  readonly extra: Readonly<Record<string, readonly string[]>>
}

const TokenReviewSchema = z.object({
  apiVersion: z.literal('authentication.k8s.io/v1'),
  kind: z.literal('TokenReview'),
  status: z.object({
    authenticated: z.boolean().nullish(),
    audiences: z.array(z.string()).nullish(),
    error: z.string().nullish(),
    user: z
      .object({
        username: z.string().nullish(),
        uid: z.string().nullish(),
        groups: z.array(z.string()).nullish(),
        extra: z.record(z.string(), z.array(z.string())).nullish(),
      })
      .nullish(),
  }),
})

const AccessReviewSchema = z.object({
  apiVersion: z.literal('authorization.k8s.io/v1'),
  kind: z.literal('SubjectAccessReview'),
  status: z.object({ allowed: z.boolean(), denied: z.boolean().nullish() }),
})

/** Group of the resources that RBAC of a cluster grants; Kubernetes itself has none of them. */
export const apiGroup = 'gabion.io'
const maxReasonCharacters = 300

/**
 * @throws NotIdentified when the token is not good, or not for us
 * @throws ApiServerUnavailable
 */
export async function reviewUser(api: ApiServer, audience: string, token: string): Promise<ReviewedUser> {
  const { status, body } = await api.ask({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/tokenreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences: [audience] } },
  })
  if (status === 403) throw new ApiServerUnavailable('the collector may not create tokenreviews')
  const { data } = TokenReviewSchema.safeParse(body)
  if (status >= 400 || !data) throw new ApiServerUnavailable(`a TokenReview was answered by ${status} and no review`)
  const { authenticated, audiences, user, error } = data.status
  if (authenticated !== true) {
    const reason = visible((error ?? '').replaceAll(token, '…').slice(0, maxReasonCharacters))
    throw new NotIdentified(`the cluster does not accept the token${reason && `: ${reason}`}`)
  }
  // A server that knows no audiences answers without: the token is then good for the API server itself, not for us.
  if (!audiences?.includes(audience)) throw new NotIdentified(`the token is not for the audience ${audience}`)
  const { username, uid, groups, extra } = user ?? {}
  return { username: username ?? '', uid: uid ?? '', groups: groups ?? [], extra: extra ?? {} }
}

/**
 * Whether RBAC of the cluster grants a right on the resource of ours, for all of the cluster.
 * @throws ApiServerUnavailable
 */
export async function reviewAccess(api: ApiServer, user: ReviewedUser, { resource, verb }: Right): Promise<boolean> {
  const { username, uid, groups, extra } = user
  const { status, body } = await api.ask({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    body: {
      ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' },
      spec: {
        ...{ user: username, groups, extra, resourceAttributes: { group: apiGroup, resource, verb } },
        ...(uid !== '' && { uid }),
      },
    },
  })
  if (status === 403) throw new ApiServerUnavailable('the collector may not create subjectaccessreviews')
  const { data } = AccessReviewSchema.safeParse(body)
  if (status >= 400 || !data) {
    throw new ApiServerUnavailable(`a SubjectAccessReview was answered by ${status} and no review`)
  }
  return data.status.allowed && data.status.denied !== true
}
