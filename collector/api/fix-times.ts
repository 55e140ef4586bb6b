// How long failures stood, from sums by bucket.
import type { Severity } from '../../policy/check.ts'
import { percentileOf } from '../store/fix-bucket.ts'
import type { FixSum } from '../store/history.ts'

const percents = [50, 75, 90, 99] as const

export interface FixTimes extends Readonly<Partial<Record<`p${(typeof percents)[number]}Seconds`, number>>> {
  readonly fixed: number
}

/** @param severity of one severity only */
export function fixTimes(sums: readonly FixSum[], severity?: Severity): FixTimes {
  const buckets = new Map<number, number>()
  for (const sum of sums) {
    if (severity === undefined || sum.severity === severity) {
      buckets.set(sum.bucket, (buckets.get(sum.bucket) ?? 0) + sum.failures)
    }
  }
  const fixed = [...buckets.values()].reduce((sum, failures) => sum + failures, 0)
  if (fixed === 0) return { fixed }
  const times = percents.map(percent => [
    `p${percent}Seconds`,
    Math.round((percentileOf(buckets, percent) ?? 0) / 1_000),
  ])
  return { fixed, ...(Object.fromEntries(times) as Omit<FixTimes, 'fixed'>) }
}
