// The score of a host: how much of what was judged is well, and how much was judged at all.
import {
  type Check,
  type Result,
  type ResultState,
  resultStates,
  type Score,
  type Severity,
  severityWeight,
} from './check.ts'

const severitiesOf = new WeakMap<readonly Check[], ReadonlyMap<string, Severity>>()

/**
 * Score and coverage of one host's results. What is waived is left out of the score; it was judged all the same, so
 * coverage and counts tell it as it was found.
 * @param checks of the catalog; a result of a check that is not there counts as `medium`
 */
export function score(results: Iterable<Pick<Result, 'check' | 'state' | 'waiver'>>, checks: readonly Check[]): Score {
  const known = severitiesOf.get(checks) ?? new Map(checks.map(({ id, severity }) => [id, severity]))
  severitiesOf.set(checks, known)
  const counts = Object.fromEntries(resultStates.map(state => [state, 0])) as Record<ResultState, number>
  let good = 0
  let judged = 0
  let waived = 0
  for (const { check, state, waiver } of results) {
    counts[state]++
    if (waiver) {
      waived++
      continue
    }
    if (state !== 'pass' && state !== 'fail' && state !== 'error') continue
    const weight = severityWeight[known.get(check) ?? 'medium']
    judged += weight
    if (state === 'pass') good += weight
  }
  const concerned = counts.pass + counts.fail + counts.error + counts.manual
  return {
    ...(counts.pass + counts.fail + counts.error > 0 && { score: percent(good, judged) }),
    ...(concerned > 0 && { coverage: percent(counts.pass + counts.fail, concerned) }),
    counts,
    waived,
  }
}

/** Rounded down, and 100 of nothing: all that was judged is waived. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.floor((part * 100) / whole)
}
