// Reads what the overview page shows, in a handful of bounded queries.
import type * as z from 'zod'
import { severities } from '../../../policy/check.ts'
import type { DriftRecord, HostRecord, ResultRecord } from '../../store/records.ts'
import { fleetSummary } from '../fleet-summary.ts'
import type { ApiContext } from '../route.ts'
import type { SummarySchema } from '../schemas.ts'

export interface Overview {
  readonly summary: z.infer<typeof SummarySchema>
  readonly worst: readonly ResultRecord[]
  readonly hosts: readonly HostRecord[]
  readonly drift: readonly DriftRecord[]
  readonly demo: boolean
}

const rows = 15

export async function readOverview(context: ApiContext): Promise<Overview> {
  const { store, connections, demo } = context
  const page = { limit: rows }
  const worst: ResultRecord[] = []
  for (const severity of severities) {
    if (worst.length >= rows) break
    const { items } = await store.read.results({ state: 'fail', severity }, { limit: rows - worst.length })
    worst.push(...items)
  }
  const { items: hosts } = await store.read.hosts({ connected: connections.hosts, sort: 'score' }, page)
  const { items: drift } = await store.read.drift({}, page)
  return { summary: await fleetSummary(context), worst, hosts, drift, demo }
}
