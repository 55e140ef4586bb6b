// Reads, writes and removes reports through the API server of their cluster.
import * as z from 'zod'
import { type ApiAnswer, type ApiServer, ApiServerUnavailable } from '../auth/kubernetes/api-server.ts'
import { type PolicyReportKind, reportKinds } from './report-kinds.ts'
import { digestAnnotation, type NodeReport, reportLabels, reportPrefix } from './report-of-node.ts'

export interface ReportObjects {
  /** name → digest of every report of ours. @throws ReportsRefused, ApiServerUnavailable */
  list(): Promise<Map<string, string>>
  /** @returns why the server does not take it, empty when it did. @throws ReportsRefused, ApiServerUnavailable */
  apply(report: NodeReport): Promise<string>
  /** @throws ReportsRefused, ApiServerUnavailable */
  remove(name: string): Promise<void>
}

/** No report can be written: their custom resource is not installed, or the collector may not. */
export class ReportsRefused extends Error {
  override readonly name = 'ReportsRefused'
  /** the custom resource is not there, and no report is */
  readonly isUnknown: boolean

  constructor(message: string, isUnknown: boolean) {
    super(message)
    this.isUnknown = isUnknown
  }
}

const ListSchema = z.object({
  metadata: z.object({ continue: z.string().nullish() }),
  items: z
    .array(
      z.object({ metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).nullish() }) }),
    )
    .nullish(),
})
const StatusSchema = z.object({ message: z.string() })

const pageSize = 200
const maxPages = 1_000
const maxBytes = 8 * 1024 * 1024

/** @param owner whose reports are listed: those of others are nobody's business here */
export function reportObjects(api: ApiServer, kind: PolicyReportKind, owner: string): ReportObjects {
  const { path, apiVersion, kind: objectKind } = reportKinds[kind]
  const all = `/apis/${path}`
  const one = (name: string) => `${all}/${encodeURIComponent(name)}`

  function refuse(verb: string, { status }: ApiAnswer): void {
    if (status === 403) throw new ReportsRefused(`the collector may not ${verb} ${path.replace(/.*\//, '')}`, false)
    if (status === 404)
      throw new ReportsRefused(`the cluster has no ${objectKind} of ${apiVersion}: install its CRD`, true)
  }

  return {
    async list() {
      const found = new Map<string, string>()
      const labels = Object.entries(reportLabels(owner)).map(([key, value]) => `${key}=${value}`)
      const selected = `labelSelector=${encodeURIComponent(labels.join(','))}`
      let next = ''
      for (let page = 0; page < maxPages; page++) {
        const query = `?${selected}&limit=${pageSize}${next && `&continue=${encodeURIComponent(next)}`}`
        const answer = await api.ask({ method: 'GET', path: all + query, metadataOnly: 'list', maxBytes })
        refuse('list', answer)
        const { data } = ListSchema.safeParse(answer.body)
        if (answer.status !== 200 || !data) {
          throw new ApiServerUnavailable(`reports were answered by ${answer.status} and no list`)
        }
        for (const { metadata } of data.items ?? []) {
          if (metadata.name.startsWith(reportPrefix(owner)))
            found.set(metadata.name, metadata.annotations?.[digestAnnotation] ?? '')
        }
        next = data.metadata.continue ?? ''
        if (next === '') return found
      }
      throw new ApiServerUnavailable('the list of reports does not end')
    },
    async apply({ name, object }) {
      const query = '?fieldManager=gabion-collector&force=true'
      const answer = await api.ask({ method: 'APPLY', path: one(name) + query, body: object })
      refuse('create and patch', answer)
      if (answer.status < 300) return ''
      const { data } = StatusSchema.safeParse(answer.body)
      return `${answer.status} ${(data?.message ?? '').slice(0, 300)}`
    },
    async remove(name) {
      const answer = await api.ask({ method: 'DELETE', path: one(name) })
      if (answer.status !== 404) refuse('delete', answer)
      if (answer.status >= 300 && answer.status !== 404) {
        throw new ApiServerUnavailable(`delete of a report was answered by ${answer.status}`)
      }
    },
  }
}
