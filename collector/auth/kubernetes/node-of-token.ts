// The node that a reviewed token is of: from the token itself, or on older clusters through its pod.
import * as z from 'zod'
import { NotIdentified } from '../identity.ts'
import { type ApiServer, ApiServerUnavailable } from './api-server.ts'
import type { ReviewedToken } from './review-token.ts'

export interface TokenNode {
  readonly nodeName: string
  readonly nodeUid: string
}

const ObjectSchema = z.object({ metadata: z.object({ name: z.string(), uid: z.string() }) })
const PodSchema = ObjectSchema.extend({ spec: z.object({ nodeName: z.string().default('') }) })

const shapes = {
  name: /^[0-9a-z](?:[0-9a-z.-]{0,251}[0-9a-z])?$/,
  uid: /^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$/,
} as const

/**
 * Clusters since 1.30 name the node and its uid in the token. Before that the token names a pod: the pod says which node,
 * and the node its uid. What the agent itself says is never asked.
 * @throws NotIdentified when the token is of no node, or that cannot be found out with the collector's rights
 * @throws ApiServerUnavailable
 */
export async function nodeOfToken(api: ApiServer, reviewed: ReviewedToken): Promise<TokenNode> {
  const { namespace, extra } = reviewed
  const [nodeName, nodeUid] = [single(extra, 'node-name', 'name'), single(extra, 'node-uid', 'uid')]
  if (nodeName !== '' && nodeUid !== '') return { nodeName, nodeUid }
  const bound = podOfToken(reviewed)
  if (!bound) {
    throw new NotIdentified('the token is bound to no pod: the agent needs a projected one')
  }
  const pod = await get(api, PodSchema, 'pods', `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/`, bound.name)
  if (pod.metadata.uid !== bound.uid) throw new NotIdentified('the pod of the token was replaced by another')
  const found = pod.spec.nodeName
  if (!shapes.name.test(found)) throw new NotIdentified('the pod of the token runs on no node')
  if (nodeName !== '' && nodeName !== found) throw new NotIdentified('the token and its pod name two nodes')
  const node = await get(api, ObjectSchema, 'nodes', '/api/v1/nodes/', found)
  if (!shapes.uid.test(node.metadata.uid)) throw new ApiServerUnavailable(`node ${found} has an odd uid`)
  return { nodeName: found, nodeUid: node.metadata.uid }
}

/** The pod that the token is bound to, if it is. @throws NotIdentified when what it says of it is odd */
export function podOfToken({ namespace, extra }: ReviewedToken) {
  const [name, uid] = [single(extra, 'pod-name', 'name'), single(extra, 'pod-uid', 'uid')]
  return name === '' || uid === '' ? undefined : { namespace, name, uid }
}

/** @returns empty when it is not there */
function single(extra: ReviewedToken['extra'], key: string, shape: keyof typeof shapes): string {
  const values = extra[`authentication.kubernetes.io/${key}`] ?? []
  const [value = ''] = values
  if (values.length > 1 || (value !== '' && !shapes[shape].test(value))) {
    throw new NotIdentified(`the token has an odd ${key}`)
  }
  return value
}

async function get<T extends z.infer<typeof ObjectSchema>>(
  api: ApiServer,
  schema: z.ZodType<T>,
  kind: 'pods' | 'nodes',
  path: string,
  name: string,
): Promise<T> {
  const what = { method: 'GET', path: `${path}${encodeURIComponent(name)}`, metadataOnly: kind === 'nodes' } as const
  const { status, body } = await api.ask(what)
  if (status === 403) {
    throw new NotIdentified(`the token does not say which node it is of, and the collector may not get ${kind}`)
  }
  if (status === 404) throw new NotIdentified(`the ${kind === 'pods' ? 'pod' : 'node'} of the token is gone`)
  const { data } = schema.safeParse(body)
  if (status !== 200 || !data || data.metadata.name !== name) {
    throw new ApiServerUnavailable(`a question for ${kind} was answered by ${status} and nothing that fits`)
  }
  return data
}
