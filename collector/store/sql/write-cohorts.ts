// Writing cohorts and pins: rare, and about many hosts at once, so nobody else writes hosts meanwhile.
import type { Kysely } from 'kysely'
import type { Cohort } from '../../../policy/cohorts.ts'
import type { CohortTransaction } from '../cohort-records.ts'
import { alone } from './alone.ts'
import { fillCohort, pinStates, unpinStates } from './fill-cohort.ts'
import type { Tables } from './tables.ts'

export function cohortWrites(database: Kysely<Tables>): CohortTransaction {
  return {
    addCohort: (cohort, atMs) => alone(database, () => addCohort(database, cohort, atMs)),
    changeCohort: (cohort, atMs) => alone(database, () => changeCohort(database, cohort, atMs)),
    removeCohort: id =>
      alone(database, async () => {
        const found = await inForce(database, id)
        if (found?.source !== 'api') return false
        await removeRows(database, found.cohort_no)
        await database.deleteFrom('cohort').where('cohort_no', '=', found.cohort_no).execute()
        return true
      }),
    putFileCohorts: async (cohorts, atMs) => {
      if (await isAsStored(database, cohorts)) return
      await alone(database, () => putFileCohorts(database, cohorts, atMs))
    },
    putPin: (id, { facet, digest, by, atMs }) =>
      alone(database, async () => {
        const cohort = (await inForce(database, id))?.cohort_no
        const query = database.selectFrom('blob').select('blob_no').where('digest', '=', digest)
        const body = await query
          .where('facet', '=', facet)
          .where('state', 'in', ['present', 'absent'])
          .executeTakeFirst()
        if (cohort === undefined || !body) return false
        const pin = { blob_no: body.blob_no, pinned_at: atMs, pinned_by: by }
        await database
          .insertInto('cohort_pin')
          .values({ cohort_no: cohort, facet, ...pin })
          .onConflict(conflict => conflict.columns(['cohort_no', 'facet']).doUpdateSet(pin))
          .execute()
        await pinStates(database, cohort, facet, body.blob_no, atMs)
        return true
      }),
    removePin: (id, facet) =>
      alone(database, async () => {
        const cohort = (await inForce(database, id))?.cohort_no
        if (cohort === undefined) return false
        const query = database.deleteFrom('cohort_pin').where('cohort_no', '=', cohort).where('facet', '=', facet)
        const { numDeletedRows } = await query.executeTakeFirst()
        if (numDeletedRows > 0n) await unpinStates(database, cohort, facet)
        return numDeletedRows > 0n
      }),
  }
}

const byId = (database: Kysely<Tables>, id: string) => database.selectFrom('cohort').selectAll().where('id', '=', id)

const inForce = (database: Kysely<Tables>, id: string) =>
  byId(database, id).where('in_force', '=', 1).executeTakeFirst()

async function addCohort(database: Kysely<Tables>, cohort: Cohort, atMs: number): Promise<boolean> {
  const before = await byId(database, cohort.id).executeTakeFirst()
  if (before?.in_force === 1) return false
  // What a file said once is nothing that this one is to have.
  if (before) await removeRows(database, before.cohort_no)
  await putCohort(database, cohort, 'api', atMs)
  return true
}

async function changeCohort(database: Kysely<Tables>, cohort: Cohort, atMs: number): Promise<boolean> {
  const before = await inForce(database, cohort.id)
  if (before?.source !== 'api') return false
  await putCohort(database, cohort, 'api', atMs)
  return true
}

async function putCohort(database: Kysely<Tables>, cohort: Cohort, source: 'file' | 'api', atMs: number) {
  const columns = { ...columnsOf(cohort, source), changed_at: atMs, in_force: 1 }
  await database
    .insertInto('cohort')
    .values({ id: cohort.id, ...columns })
    .onConflict(conflict => conflict.column('id').doUpdateSet(columns))
    .execute()
  const { cohort_no } = await byId(database, cohort.id).executeTakeFirstOrThrow()
  await fillCohort(database, cohort_no, cohort.hosts)
}

const columnsOf = ({ description, hosts }: Cohort, source: 'file' | 'api') => ({
  ...{ source, description, hosts: JSON.stringify(hosts) },
})

/** With whatever refers to it, and not itself. */
async function removeRows(database: Kysely<Tables>, cohort: number): Promise<void> {
  await fillCohort(database, cohort, undefined)
  await database.deleteFrom('cohort_pin').where('cohort_no', '=', cohort).execute()
}

async function putFileCohorts(database: Kysely<Tables>, cohorts: readonly Cohort[], atMs: number): Promise<void> {
  const ids = new Set(cohorts.map(({ id }) => id))
  for (const { cohort_no, id } of await fromFiles(database)) {
    if (ids.has(id)) continue
    await fillCohort(database, cohort_no, undefined)
    await database.updateTable('cohort').set({ in_force: 0 }).where('cohort_no', '=', cohort_no).execute()
  }
  for (const cohort of cohorts) await putCohort(database, cohort, 'file', atMs)
}

const fromFiles = (database: Kysely<Tables>) =>
  database.selectFrom('cohort').selectAll().where('source', '=', 'file').where('in_force', '=', 1).execute()

async function isAsStored(database: Kysely<Tables>, cohorts: readonly Cohort[]): Promise<boolean> {
  const stored = new Map((await fromFiles(database)).map(row => [row.id, row]))
  const isSame = (cohort: Cohort) => {
    const row = stored.get(cohort.id)
    const { hosts, description } = columnsOf(cohort, 'file')
    return row !== undefined && row.hosts === hosts && row.description === description
  }
  return stored.size === cohorts.length && cohorts.every(isSame)
}
