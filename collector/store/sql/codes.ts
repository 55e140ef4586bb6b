// Small integers that stand for states and severities in the tables; the order is fixed for ever.
import type { ResultState, Severity } from '../../../policy/check.ts'
import type { CountedState } from '../tally.ts'

const states: readonly ResultState[] = ['fail', 'error', 'manual', 'pass', 'not_applicable']
const counted: readonly CountedState[] = [...states, 'waivedFail', 'waivedError']
const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low']

export const stateCode = (state: ResultState): number => states.indexOf(state)
export const countedCode = (state: CountedState): number => counted.indexOf(state)
export const severityCode = (severity: Severity): number => severities.indexOf(severity)

/** @throws Error for a code that no version has written */
export function stateOfCode(code: number): ResultState {
  const state = states[code]
  if (!state) throw new Error(`result state code ${code}`)
  return state
}

/** @throws Error for a code that no version has written */
export function countedOfCode(code: number): CountedState {
  const state = counted[code]
  if (!state) throw new Error(`counted state code ${code}`)
  return state
}

/** @throws Error for a code that no version has written */
export function severityOfCode(code: number): Severity {
  const severity = severities[code]
  if (!severity) throw new Error(`severity code ${code}`)
  return severity
}
