// What somebody wrote of the policy, or 400 with all that is wrong with it.
import { PolicyError, problemLine } from '../../policy/policy-error.ts'
import { Problem } from './problem.ts'

/** @param make throws PolicyError; @throws Problem 400 instead */
export function requireSound<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw new Problem(400, error.problems.map(problemLine).join('; '))
  }
}
