// How each probe does: its runs and failures, how long it takes, and how much less often it runs while it gives no answer.
import type { FacetState } from '../../proto/facet.ts'

export interface ProbeRecord {
  readonly facet: string
  readonly runs: number
  /** runs that ended as error */
  readonly failures: number
  /** runs in a row, up to the last one, that ended as error */
  readonly failingRuns: number
  readonly lastDurationMs: number
  readonly longestDurationMs: number
  /** how many times less often it runs; 1 while it answers in time */
  readonly slowdown: number
}

export interface ProbeBook {
  ran(state: FacetState, durationMs: number): void
  /** how many times less often this probe is to run */
  slowdown(facet: string): number
  /** in the order of their first runs */
  readonly records: readonly ProbeRecord[]
}

/** A probe that hangs on and on runs at most so many times less often. */
const mostSlowdown = 64

export function createProbeBook(): ProbeBook {
  const records = new Map<string, ProbeRecord>()
  return {
    ran(state, durationMs) {
      const before = records.get(state.facet)
      const isFailure = state.state === 'error'
      const isLate = isFailure && state.reason.code === 'deadline'
      records.set(state.facet, {
        facet: state.facet,
        runs: (before?.runs ?? 0) + 1,
        failures: (before?.failures ?? 0) + (isFailure ? 1 : 0),
        failingRuns: isFailure ? (before?.failingRuns ?? 0) + 1 : 0,
        lastDurationMs: durationMs,
        longestDurationMs: Math.max(durationMs, before?.longestDurationMs ?? 0),
        slowdown: isLate ? Math.min(mostSlowdown, (before?.slowdown ?? 1) * 2) : 1,
      })
    },
    slowdown: facet => records.get(facet)?.slowdown ?? 1,
    get records() {
      return [...records.values()]
    },
  }
}
