// Reading what a host is now, by its number: what a change is applied to, and what results are made of.
import type { Kysely } from 'kysely'
import type { FacetState } from '../../../proto/facet.ts'
import type { CurrentFacet } from '../transaction.ts'
import { type Connection, slot } from './connection.ts'
import { unpackBody } from './pack-body.ts'
import type { Tables } from './tables.ts'

const host = slot<number>('host')

export function currentFacets(connection: Connection): (host: number) => Promise<readonly CurrentFacet[]> {
  const all = connection.prepare(ofHost(connection.database))
  return async number => (await all.all({ host: number })).map(toCurrentFacet)
}

export function currentFacet(
  connection: Connection,
): (host: number, facet: string) => Promise<CurrentFacet | undefined> {
  const query = ofHost(connection.database).where('facet_current.facet', '=', slot<string>('facet'))
  const one = connection.prepare(query)
  return async (number, facet) => {
    const row = await one.get({ host: number, facet })
    return row && toCurrentFacet(row)
  }
}

/** JSON of the latest observations of a facet, undefined when there are none. */
export function latestObservations(
  connection: Connection,
): (host: number, facet: string) => Promise<string | undefined> {
  const query = connection.database.selectFrom('observation').select(['body', 'packed']).where('host_no', '=', host)
  const one = connection.prepare(query.where('facet', '=', slot<string>('facet')))
  return async (number, facet) => {
    const row = await one.get({ host: number, facet })
    return row && unpackBody(row)
  }
}

/** What holds now of any host, with heads of its body and of the last good one. */
export function currentStates(database: Kysely<Tables>) {
  return database
    .selectFrom('facet_current')
    .innerJoin('blob', 'blob.blob_no', 'facet_current.blob_no')
    .leftJoin('blob as good', 'good.blob_no', 'facet_current.good_blob_no')
    .select([
      'facet_current.facet',
      'blob.digest',
      'blob.state',
      'blob.schema_version',
      'facet_current.since',
      'good.digest as good_digest',
      'facet_current.good_since',
    ])
}

function ofHost(database: Kysely<Tables>) {
  return currentStates(database)
    .select(['facet_current.revision', 'facet_current.agent_version'])
    .where('facet_current.host_no', '=', host)
}

interface CurrentRow {
  readonly facet: string
  readonly digest: string
  readonly state: string
  readonly schema_version: number
  readonly since: number
  readonly revision: number
  readonly agent_version: string
  readonly good_digest: string | null
  readonly good_since: number
}

function toCurrentFacet(row: CurrentRow): CurrentFacet {
  return {
    facet: row.facet,
    digest: row.digest,
    state: row.state as FacetState['state'],
    schemaVersion: row.schema_version,
    sinceMs: row.since,
    revision: row.revision,
    agentVersion: row.agent_version,
    goodDigest: row.good_digest ?? '',
    goodSinceMs: row.good_since,
  }
}
