// What goes wrong with a question to the fleet, as whoever asked is told.
import { QueryFailed, QueryMistake, TooManyQueries } from '../query/query-lane.ts'
import { Problem } from './problem.ts'

/** @param subject what a mistake is in, such as a parameter; @returns the error itself when it is none of a question */
export function queryProblem(error: unknown, subject?: string): unknown {
  if (error instanceof QueryMistake) {
    return new Problem(400, subject === undefined ? error.message : `${subject}: ${error.message}`)
  }
  if (error instanceof TooManyQueries || error instanceof QueryFailed) return new Problem(503, error.message)
  return error
}
