// Reading one facet of many hosts at once, to hold them against each other: for processes that may take some milliseconds.
import type { Kysely } from 'kysely'
import type { AlikeReader } from '../cohort-records.ts'
import { numberList } from './dialect.ts'
import { inScope } from './in-scope.ts'
import { toStoredBody } from './read-facets.ts'
import type { Tables } from './tables.ts'

export function alikeReads(database: Kysely<Tables>): AlikeReader {
  return {
    facetBodies: async (facet, { cohort, scope }) => {
      const hosts = database
        .selectFrom('host')
        .select('host_no')
        .where('standing', '<>', 'retired')
        .where(({ and }) => and(inScope(database, scope)))
        .$if(cohort !== undefined, some =>
          some.where('host_no', 'in', ({ selectFrom }) =>
            selectFrom('cohort_member')
              .innerJoin('cohort', 'cohort.cohort_no', 'cohort_member.cohort_no')
              .select('cohort_member.host_no')
              .where('cohort.id', '=', cohort ?? ''),
          ),
        )
      const rows = await database
        .selectFrom(hosts.as('chosen'))
        .leftJoin('facet_current', join =>
          join.onRef('facet_current.host_no', '=', 'chosen.host_no').on('facet_current.facet', '=', facet),
        )
        .select(['chosen.host_no', 'facet_current.blob_no'])
        .orderBy('chosen.host_no')
        .execute()
      return rows.map(({ host_no, blob_no }) => ({ host: host_no, body: blob_no ?? 0 }))
    },
    bodiesOf: async numbers => {
      const rows = await database
        .selectFrom('blob')
        .select(['blob_no', 'facet', 'schema_version', 'state', 'body', 'packed'])
        .where('blob_no', 'in', numberList(database, numbers))
        .execute()
      return new Map(rows.map(row => [row.blob_no, toStoredBody(row)]))
    },
    namesOf: async numbers => {
      const query = database.selectFrom('host').select(['host_no', 'id', 'hostname'])
      const rows = await query.where('host_no', 'in', numberList(database, numbers)).execute()
      return new Map(rows.map(({ host_no, id, hostname }) => [host_no, { hostId: id, hostname }]))
    },
  }
}
