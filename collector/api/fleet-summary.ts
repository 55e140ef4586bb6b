// The fleet in a few numbers, from counters that are kept with every change.
import type * as z from 'zod'
import { version } from '../../runtime/version.ts'
import { countsOf, coverageOf, failedBySeverity, scoreOf } from '../store/tally.ts'
import type { ApiContext } from './route.ts'
import type { SummarySchema } from './schemas.ts'

export async function fleetSummary({
  store,
  connections,
  catalog,
}: ApiContext): Promise<z.infer<typeof SummarySchema>> {
  const { hosts, results, lastDriftId } = await store.read.fleet()
  return {
    version,
    catalogDigest: catalog.digest,
    checks: catalog.checks.length,
    hosts: { total: hosts, connected: connections.hosts.size },
    score: scoreOf(results),
    coverage: coverageOf(results),
    counts: countsOf(results),
    failedBySeverity: failedBySeverity(results),
    lastDriftId,
  }
}
