// Reading the digests of some facets of all hosts, page by page: what a question to the fleet goes over.
import type { Kysely } from 'kysely'
import type { FactsOfHost } from '../records.ts'
import type { StoreReader } from '../store.ts'
import { numberList } from './dialect.ts'
import { inScope } from './in-scope.ts'
import type { Tables } from './tables.ts'

export function factReads(database: Kysely<Tables>): Pick<StoreReader, 'factsOfHosts'> {
  return {
    factsOfHosts: async (facets, { after, limit, scope }) => {
      const hosts = await database
        .selectFrom('host')
        .select(['host_no', 'id', 'hostname'])
        .where('host_no', '>', after)
        .where('standing', '<>', 'retired')
        .where(({ and }) => and(inScope(database, scope)))
        .orderBy('host_no')
        .limit(limit)
        .execute()
      const found = new Map<number, FactsOfHost['digests'][number][]>(hosts.map(({ host_no }) => [host_no, []]))
      const rows =
        facets.length === 0 || hosts.length === 0
          ? []
          : await database
              .selectFrom('facet_current')
              .innerJoin('blob', 'blob.blob_no', 'facet_current.blob_no')
              .select(['facet_current.host_no', 'facet_current.facet', 'facet_current.blob_no', 'blob.digest'])
              .where('host_no', 'in', numberList(database, found.keys()))
              .where('facet_current.facet', 'in', [...facets])
              .execute()
      for (const { host_no, facet, digest, blob_no } of rows) found.get(host_no)?.push({ facet, digest, body: blob_no })
      return hosts.map(({ host_no, id, hostname }) => ({
        host: host_no,
        id,
        hostname,
        digests: found.get(host_no) ?? [],
      }))
    },
  }
}
