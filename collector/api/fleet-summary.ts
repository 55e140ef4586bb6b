// The fleet in a few numbers, from counters that are kept with every change.
import type * as z from 'zod'
import { version } from '../../runtime/version.ts'
import { countsOf, failedBySeverity, markOf, waivedOf } from '../store/tally.ts'
import type { RequestContext } from './request-context.ts'
import type { SummarySchema } from './schemas.ts'

export async function fleetSummary({
  read,
  catalog,
}: Pick<RequestContext, 'read' | 'catalog'>): Promise<z.infer<typeof SummarySchema>> {
  const { hosts, results, lastDriftId } = await read.fleet()
  const connected = await read.hostCount({ state: 'connected' })
  const catchingUp = await read.hostCount({ state: 'catching-up' })
  return {
    version,
    catalogDigest: catalog.digest,
    checks: catalog.checks.length,
    hosts: { total: hosts, connected, catchingUp },
    ...markOf(results),
    counts: countsOf(results),
    waived: waivedOf(results),
    failedBySeverity: failedBySeverity(results),
    lastDriftId,
  }
}
