// Reports of the stand-in of an API server: custom resources that are installed or not, written by server-side apply.
import { randomUUID } from 'node:crypto'
import { ClusterPolicyReport, ClusterReport } from './report-schemas.ts'

type Json = Record<string, unknown>

interface Answer {
  readonly code: number
  /** a text is answered as it is: a server says so of a group that it does not know */
  readonly body: Json | string
}

const schemas = { clusterreports: ClusterReport, clusterpolicyreports: ClusterPolicyReport } as const
export type ReportResource = keyof typeof schemas

export interface ReportStore {
  /** resources whose CRDs are installed */
  readonly installed: Set<ReportResource>
  /** name → object */
  readonly reports: Map<string, Json>
  /** times that something was applied */
  applied: number
  /** what the next applies are answered by instead */
  readonly refusals: number[]
  /** etcd takes no more in one object */
  maxBytes: number
  handle(resource: ReportResource, verb: string, name: string, query: URLSearchParams, text: string): Answer
}

export const isReportResource = (what: string): what is ReportResource => what in schemas

const failure = (code: number, reason: string, message = reason): Answer => ({
  ...{ code, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code } },
})

export function createReportStore(): ReportStore {
  const reports = new Map<string, Json>()

  function apply(resource: ReportResource, name: string, query: URLSearchParams, text: string): Answer {
    store.applied++
    const refusal = store.refusals.shift()
    if (refusal !== undefined) return failure(refusal, 'Refused', `refused with ${refusal}`)
    if (!query.get('fieldManager')) return failure(400, 'BadRequest', 'fieldManager is required for apply patch')
    if (text.length > store.maxBytes) return failure(413, 'RequestEntityTooLarge', 'etcdserver: request is too large')
    const parsed = schemas[resource].safeParse(JSON.parse(text))
    if (!parsed.success) return failure(422, 'Invalid', parsed.error.message)
    const { metadata } = parsed.data
    if (metadata.name !== name) return failure(400, 'BadRequest', 'the name of the object does not match')
    const known = reports.get(name)?.['metadata'] as Json | undefined
    const kept = { uid: known?.['uid'] ?? randomUUID(), resourceVersion: String(store.applied) }
    reports.set(name, { ...parsed.data, metadata: { ...metadata, ...kept } })
    return { code: known ? 200 : 201, body: reports.get(name) ?? {} }
  }

  function list(resource: ReportResource, query: URLSearchParams): Answer {
    const wanted = (query.get('labelSelector') ?? '').split(',').map(one => one.split('='))
    const items = [...reports.values()].filter(({ kind, metadata }) => {
      const { labels } = metadata as { labels: Record<string, string> }
      const isOne = `${kind}s`.toLowerCase() === resource
      return isOne && wanted.every(([key = '', value]) => labels[key] === value)
    })
    const start = Number(query.get('continue') ?? 0)
    const end = start + Number(query.get('limit') ?? items.length)
    const metadata = { resourceVersion: '1', ...(end < items.length && { continue: String(end) }) }
    return { code: 200, body: { kind: 'List', apiVersion: 'v1', metadata, items: items.slice(start, end) } }
  }

  const store: ReportStore = {
    ...{ installed: new Set<ReportResource>(), reports, applied: 0, refusals: [], maxBytes: 1_500_000 },
    handle(resource, verb, name, query, text) {
      if (!store.installed.has(resource)) return { code: 404, body: '404 page not found\n' }
      if (verb === 'list') return list(resource, query)
      if (verb === 'patch') return apply(resource, name, query, text)
      return reports.delete(name)
        ? { code: 200, body: { kind: 'Status', status: 'Success' } }
        : failure(404, 'NotFound')
    },
  }
  return store
}
