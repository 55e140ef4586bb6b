// Hosts that are meant to be alike: a name for whom a selector means.
import * as z from 'zod'
import type { HostSelector } from './host-selector.ts'
import { PolicyError, type Problem } from './policy-error.ts'
import { HostsSchema, hostsProblems, selectorOf } from './selector-schema.ts'

export interface Cohort {
  readonly id: string
  /** for people, may be empty */
  readonly description: string
  readonly hosts: HostSelector
}

export const cohortId = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'must be letters, digits, dots, dashes and underscores, at most 64')

/** As people write it; what its parts say of each other `cohortOfRecord` holds. */
export const CohortSchema = z.strictObject({
  id: cohortId,
  description: z
    .string()
    .max(500)
    .regex(/^[^\p{C}]*$/u, 'must be one line')
    .default(''),
  hosts: HostsSchema,
})

export type RawCohort = z.infer<typeof CohortSchema>

/** @throws PolicyError */
export function cohortOfRecord(record: RawCohort): Cohort {
  const problems = cohortProblems(record, () => '')
  if (problems.length > 0) throw new PolicyError(problems.map(({ place: _, ...problem }) => problem))
  return cohortOf(record)
}

export const cohortOf = ({ hosts, ...cohort }: RawCohort): Cohort => ({ ...cohort, hosts: selectorOf(hosts) })

/** @param place of a dotted part */
export const cohortProblems = ({ id, hosts }: RawCohort, place: (part: string) => string): readonly Problem[] =>
  hostsProblems(hosts, `cohort ${id}`, place)
