// Reads what the overview page shows, in a handful of bounded queries.
import type * as z from 'zod'
import { severities } from '../../../policy/check.ts'
import type { DriftRecord, ResultRecord } from '../../store/records.ts'
import { fleetSummary } from '../fleet-summary.ts'
import { type HostWithSync, withSync } from '../host-with-sync.ts'
import type { RequestContext } from '../request-context.ts'
import type { SummarySchema } from '../schemas.ts'

export interface Overview {
  readonly summary: z.infer<typeof SummarySchema>
  readonly worst: readonly ResultRecord[]
  readonly hosts: readonly HostWithSync[]
  readonly drift: readonly DriftRecord[]
  readonly demo: boolean
  readonly principal: RequestContext['principal']
}

const rows = 15

export async function readOverview(context: RequestContext): Promise<Overview> {
  const { read, principal, demo } = context
  const page = { limit: rows }
  const worst: ResultRecord[] = []
  for (const severity of severities) {
    if (worst.length >= rows) break
    const { items } = await read.results({ state: 'fail', severity }, { limit: rows - worst.length })
    worst.push(...items)
  }
  const { items: hosts } = await read.hosts({ sort: 'score', notStanding: 'retired' }, page)
  const { items: drift } = await read.drift({}, page)
  return {
    summary: await fleetSummary(context),
    worst,
    hosts: hosts.map(host => withSync(host, context)),
    drift,
    demo,
    principal,
  }
}
