// Asks the fleet in processes of their own: a question that does not end is ended, and disturbs nobody.
import type { Clock } from '../../runtime/clock.ts'
import { systemClock } from '../../runtime/clock.ts'
import type { FactRow, FactSummary } from './fact-rows.ts'
import { type KeptReport, keepReports } from './kept-reports.ts'
import type { OutlierReport } from './outlier-report.ts'
import { createQueryLane, QueryFailed } from './query-lane.ts'
import type { FactRequest, OutlierRequest } from './query-messages.ts'
import type { QueryProcess } from './query-process.ts'

export interface FleetQueries {
  /**
   * Rows as they are found, and last the summary.
   * @throws TooManyQueries and QueryMistake before anything is answered, QueryFailed for whatever ends it early
   */
  ask(request: FactRequest, signal: AbortSignal): AsyncGenerator<readonly FactRow[] | FactSummary>
  /** An answer that is some seconds old at the most, see `keepReports`. @throws TooManyQueries, QueryMistake, QueryFailed */
  outliers(request: OutlierRequest, signal: AbortSignal): Promise<KeptReport>
  /** has a process at hand for a fleet of so many hosts, where that is worth its memory; to be told now and then */
  prepare(hosts: number): void
  close(): void
}

const maxAtOnce = 2
const idleMs = 5 * 60_000
/** From so many hosts on a question never waits for a process to start. */
const largeFleet = 1_000

/** @param start a process, which is told `location` with every question */
export function createFleetQueries(
  start: () => QueryProcess,
  location: unknown,
  clock: Clock = systemClock,
): FleetQueries {
  const facts = createQueryLane({ start, location, maxAtOnce, idleMs, clock })
  // One process remembers what it held against each other; two would remember it twice.
  const alike = createQueryLane({ start, location, maxAtOnce: 1, idleMs, clock })
  const over = new AbortController()

  async function report(request: OutlierRequest): Promise<OutlierReport> {
    for await (const message of alike.converse(request, over.signal)) if ('outliers' in message) return message.outliers
    throw new QueryFailed('nobody waits for the answer any more')
  }

  const kept = keepReports(report, clock)
  return {
    async *ask(request, signal) {
      for await (const message of facts.converse(request, signal)) {
        if ('rows' in message) yield message.rows
        else if ('summary' in message) yield message.summary
      }
    },
    outliers: kept,
    prepare: hosts => facts.keepReady(hosts >= largeFleet),
    close() {
      over.abort()
      facts.close()
      alike.close()
    },
  }
}
