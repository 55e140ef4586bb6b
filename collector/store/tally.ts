// How many results of which severity stand how: the numbers that scores and counters are made of.
import { type ResultState, resultStates, type Severity, severities, severityWeight } from '../../policy/check.ts'

/** States of results, and what of `fail` and `error` is waived. New ones come at the end. */
export const countedStates = [...resultStates, 'waivedFail', 'waivedError'] as const
export type CountedState = (typeof countedStates)[number]

export type Counts = Readonly<Record<CountedState, number>>
export type Tally = Readonly<Record<Severity, Counts>>

export const emptyCounts: Counts = {
  pass: 0,
  fail: 0,
  manual: 0,
  not_applicable: 0,
  error: 0,
  waivedFail: 0,
  waivedError: 0,
}

export const emptyTally: Tally = {
  critical: emptyCounts,
  high: emptyCounts,
  medium: emptyCounts,
  low: emptyCounts,
}

/** Numbers of a tally in a fixed order, as they are stored. */
export function packTally(tally: Tally): string {
  return JSON.stringify(severities.map(severity => countedStates.map(state => tally[severity][state])))
}

/** @param text made by `packTally`; empty means nothing was judged */
export function unpackTally(text: string): Tally {
  if (text === '') return emptyTally
  const numbers = JSON.parse(text) as readonly (readonly number[])[]
  const rows = severities.map((severity, row) => [
    severity,
    Object.fromEntries(countedStates.map((state, column) => [state, numbers[row]?.[column] ?? 0])),
  ])
  return Object.fromEntries(rows)
}

export function countsOf(tally: Tally): Readonly<Record<ResultState, number>> {
  const sum = (state: ResultState) => severities.reduce((total, severity) => total + tally[severity][state], 0)
  return {
    pass: sum('pass'),
    fail: sum('fail'),
    manual: sum('manual'),
    not_applicable: sum('not_applicable'),
    error: sum('error'),
  }
}

/** How one result is counted. */
export function countedOf(state: ResultState, isWaived: boolean): readonly CountedState[] {
  if (!isWaived) return [state]
  return state === 'fail' ? ['fail', 'waivedFail'] : state === 'error' ? ['error', 'waivedError'] : [state]
}

/** Without what is waived. */
export function failedBySeverity(tally: Tally): Readonly<Record<Severity, number>> {
  const failed = (severity: Severity) => tally[severity].fail - tally[severity].waivedFail
  return { critical: failed('critical'), high: failed('high'), medium: failed('medium'), low: failed('low') }
}

/** Results that are waived. */
export function waivedOf(tally: Tally): number {
  return severities.reduce((sum, severity) => sum + tally[severity].waivedFail + tally[severity].waivedError, 0)
}

/** Score and coverage, each left out where it would be a number over nothing. */
export interface Mark {
  readonly score?: number
  readonly coverage?: number
}

export function markOf(tally: Tally): Mark {
  const { pass, fail, manual, error } = countsOf(tally)
  const judged = pass + fail + error > 0
  return {
    ...(judged && { score: scoreOf(tally) }),
    ...((judged || manual > 0) && { coverage: coverageOf(tally) }),
  }
}

/**
 * 0–100, Σ weight of pass ÷ Σ weight of (pass + fail + error) without what is waived, rounded down; 100 when nothing
 * counts. Hosts are ordered by it: those that nobody judged come last.
 */
export function scoreOf(tally: Tally): number {
  let passed = 0
  let judged = 0
  for (const severity of severities) {
    const { pass, fail, error, waivedFail, waivedError } = tally[severity]
    passed += severityWeight[severity] * pass
    judged += severityWeight[severity] * (pass + fail - waivedFail + error - waivedError)
  }
  return judged === 0 ? 100 : Math.floor((100 * passed) / judged)
}

/** 0–100, (pass + fail) ÷ (all − not_applicable), rounded down. 100 when nothing applies. */
export function coverageOf(tally: Tally): number {
  const { pass, fail, manual, error } = countsOf(tally)
  const applicable = pass + fail + manual + error
  return applicable === 0 ? 100 : Math.floor((100 * (pass + fail)) / applicable)
}
