// Lists the nodes of a cluster in pages: the whole of it, or an error.
import * as z from 'zod'
import { AnswerTooLarge, type ApiAnswer, type ApiServer, ApiServerUnavailable } from '../auth/kubernetes/api-server.ts'
import { maxNodes, TooManyNodes } from './node-book.ts'
import { nodeOf, type SeenNode } from './node-labels.ts'

export interface NodeList {
  readonly nodes: readonly SeenNode[]
  /** what a watch goes on from */
  readonly resourceVersion: string
}

const ListSchema = z.object({
  kind: z.enum(['NodeList', 'PartialObjectMetadataList']),
  metadata: z.object({ resourceVersion: z.string().min(1), continue: z.string().max(8_192).nullish() }),
  items: z.array(z.unknown()).nullish(),
})

/** Metadata of a node has some kilobytes. */
const firstLimit = 250
const maxBytes = 8 * 1024 * 1024
const maxPages = 2 * maxNodes

/**
 * Consistent: without a resource version the server answers with what is, never with what it remembers.
 * @throws ApiServerUnavailable, TooManyNodes
 */
export async function listNodes(api: ApiServer, cluster: string): Promise<NodeList> {
  const nodes: SeenNode[] = []
  let limit = firstLimit
  let next = ''
  for (let page = 0; page < maxPages; page++) {
    const answer = await askPage(api, limit, next)
    if (!answer) {
      if (limit === 1) throw new ApiServerUnavailable('one node is larger than an object may be')
      limit = Math.ceil(limit / 5)
      continue
    }
    const { metadata, items } = parseList(answer)
    nodes.push(...(items ?? []).flatMap(item => nodeOf(item, cluster) ?? []))
    if (nodes.length > maxNodes) throw new TooManyNodes()
    next = metadata.continue ?? ''
    if (next === '') return { nodes, resourceVersion: metadata.resourceVersion }
  }
  throw new ApiServerUnavailable('the list of nodes does not end')
}

/** @returns undefined when fewer have to be asked for at once */
async function askPage(api: ApiServer, limit: number, next: string): Promise<ApiAnswer | undefined> {
  const path = `/api/v1/nodes?limit=${limit}${next && `&continue=${encodeURIComponent(next)}`}`
  try {
    return await api.ask({ method: 'GET', path, metadataOnly: 'list', maxBytes })
  } catch (error) {
    if (error instanceof AnswerTooLarge) return undefined
    throw error
  }
}

function parseList({ status, body }: ApiAnswer) {
  if (status === 403) throw new ApiServerUnavailable('the collector may not list nodes')
  if (status === 410) throw new ApiServerUnavailable('the list of nodes was asked for too slowly')
  const { data } = ListSchema.safeParse(body)
  if (status !== 200 || !data) throw new ApiServerUnavailable(`nodes were answered by ${status} and no list`)
  return data
}
