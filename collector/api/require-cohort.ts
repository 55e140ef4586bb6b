// The cohort that a request names, or 404.
import type { ScopedReader } from '../domain/scoped-reader.ts'
import type { CohortRecord } from '../store/cohort-records.ts'
import { Problem } from './problem.ts'

/** @throws Problem 404 when there is none in force with a host that who asks may see */
export async function requireCohort(read: Pick<ScopedReader, 'cohort'>, id: string): Promise<CohortRecord> {
  const found = await read.cohort(id)
  if (!found) throw new Problem(404, `there is no cohort ${id}`)
  return found
}
