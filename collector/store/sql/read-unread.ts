// On how many hosts a facet could not be read: from the few bodies that say so to the hosts that have them.
import { type Kysely, sql } from 'kysely'
import type { StoreReader } from '../store.ts'
import type { Tables } from './tables.ts'

export async function readUnreadFacets(database: Kysely<Tables>): ReturnType<StoreReader['unreadFacets']> {
  return (
    database
      .selectFrom('blob')
      // From left to right on SQLite, which would else go over what every host has.
      .crossJoin('facet_current')
      .innerJoin('host', 'host.host_no', 'facet_current.host_no')
      .select(['blob.facet', 'blob.state', sql<number>`count(*)`.as('hosts')])
      // As the index says it, so that no other body is looked at.
      .where(sql<boolean>`blob.state in ('unreadable', 'error')`)
      .whereRef('facet_current.blob_no', '=', 'blob.blob_no')
      .where('host.standing', '<>', 'retired')
      .groupBy(['blob.facet', 'blob.state'])
      .orderBy('blob.facet')
      .orderBy('blob.state')
      .execute()
  )
}
