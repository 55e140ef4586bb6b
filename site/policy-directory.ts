// Where a site's own policy stands unless somebody says otherwise.
import { existsSync } from 'node:fs'

export const policyDirectory = '/etc/gabion/policy.d'

/** Paths as they were given; undefined: the directory, if it is there; false: none. */
export type PolicyPaths = readonly string[] | false | undefined

export function chosenPaths(paths: PolicyPaths, directory: string = policyDirectory): readonly string[] {
  if (paths !== undefined) return paths === false ? [] : paths
  return existsSync(directory) ? [directory] : []
}
