// Reports that many ask for: made once for all who wait, one after another, and told again for a while.
import { type Clock, isoTime } from '../../runtime/clock.ts'
import { oneAfterAnother } from '../../runtime/one-after-another.ts'
import { createBoundedCache } from '../domain/bounded-cache.ts'
import type { OutlierReport } from './outlier-report.ts'
import { QueryFailed, TooManyQueries } from './query-lane.ts'
import type { OutlierRequest } from './query-messages.ts'

export type KeptReport = OutlierReport & {
  /** ISO 8601: of which moment it tells */
  readonly at: string
}

/** Told as it is. */
const freshMs = 2_000
/** Told as it is, while the next one is made. */
const usableMs = 15_000
const maxWaiting = 32
const keptCharacters = 8 * 1024 * 1024

interface Kept {
  readonly report: KeptReport
  readonly atMs: number
}

/** @param make asked once at a time; @throws TooManyQueries, and what `make` throws */
export function keepReports(
  make: (request: OutlierRequest) => Promise<OutlierReport>,
  clock: Pick<Clock, 'now'>,
): (request: OutlierRequest, signal: AbortSignal) => Promise<KeptReport> {
  const kept = createBoundedCache<Kept>(keptCharacters)
  const underWay = new Map<string, Promise<KeptReport>>()
  const exclusively = oneAfterAnother()

  function begin(name: string, request: OutlierRequest): Promise<KeptReport> {
    const made = exclusively(async () => {
      const atMs = clock.now()
      const report = { ...(await make(request)), at: isoTime(atMs) }
      kept.set(name, { report, atMs }, JSON.stringify(report).length)
      return report
    }).finally(() => underWay.delete(name))
    underWay.set(name, made)
    return made
  }

  return async (request, signal) => {
    const name = nameOf(request)
    const known = kept.get(name)
    const ageMs = known ? Math.abs(clock.now() - known.atMs) : Number.POSITIVE_INFINITY
    if (known && ageMs <= freshMs) return known.report
    const coming = underWay.get(name)
    if (!coming && underWay.size >= maxWaiting) throw new TooManyQueries(`${maxWaiting} questions are asked already`)
    const next = coming ?? begin(name, request)
    if (!known || ageMs > usableMs) return unlessGone(next, signal)
    // Whoever asks next is told what becomes of it.
    next.catch(() => undefined)
    return known.report
  }
}

function nameOf({ outliersOf, cohort = '', limit, scope }: OutlierRequest): string {
  const labels = Object.entries(scope).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([outliersOf, cohort, limit, labels])
}

function unlessGone<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const gone = Promise.withResolvers<never>()
  const onAbort = () => gone.reject(new QueryFailed('nobody waits for the answer any more'))
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return Promise.race([work, gone.promise]).finally(() => signal.removeEventListener('abort', onAbort))
}
