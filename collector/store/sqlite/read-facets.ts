// Reading facets: where they stand now, where they stood at a time, and the history between.
import type { Kysely } from 'kysely'
import type { FacetState, JsonObject } from '../../../proto/facet.ts'
import { isoTime } from '../../../runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { FacetRecord, FacetSummary, StoredBody } from '../records.ts'
import type { StoreReader } from '../store.ts'
import { toFacetState } from '../stored-body.ts'
import type { Tables } from './tables.ts'

type FacetReads = Pick<StoreReader, 'facets' | 'facet' | 'facetAt' | 'facetHistory' | 'body'>

export function facetReads(database: Kysely<Tables>): FacetReads {
  async function body(digest: string): Promise<StoredBody | undefined> {
    const row = await database.selectFrom('blob').selectAll().where('digest', '=', digest).executeTakeFirst()
    return row && toStoredBody(row)
  }

  async function lastGood(digest: string, since: number): Promise<Pick<FacetRecord, 'lastGood'>> {
    const good = digest === '' ? undefined : await body(digest)
    if (!good) return {}
    return { lastGood: { facts: JSON.parse(good.body) as JsonObject, digest, since: isoTime(since) } }
  }

  return {
    body,
    facets: hostId => readFacets(database, hostId),
    facet: async (hostId, facet) => {
      const row = await currentOf(database, hostId).where('facet_current.facet', '=', facet).executeTakeFirst()
      if (!row) return undefined
      const observed = await database
        .selectFrom('observation')
        .select(['body', 'observed_at'])
        .where('host_no', '=', row.host_no)
        .where('facet', '=', facet)
        .executeTakeFirst()
      return {
        hostId,
        current: toFacetState(row.digest, toStoredBody(row), observed?.body),
        since: isoTime(row.since),
        receivedAt: isoTime(row.received_at),
        observedAt: observed ? isoTime(observed.observed_at) : '',
        ...(await lastGood(row.good_digest, row.good_since)),
      }
    },
    facetAt: async (hostId, facet, atMs) => {
      const row = await historyOf(database, hostId, facet)
        .where('facet_history.valid_from', '<=', atMs)
        .orderBy('facet_history.revision', 'desc')
        .executeTakeFirst()
      return (
        row && {
          hostId,
          current: toFacetState(row.digest, toStoredBody(row), undefined),
          since: isoTime(row.valid_from),
          receivedAt: isoTime(row.received_at),
          observedAt: '',
        }
      )
    },
    facetHistory: async (hostId, facet, { limit, cursor }) => {
      let query = historyOf(database, hostId, facet)
      if (cursor !== undefined) {
        const [revision] = decodeCursor('facet-history', cursor, ['number'])
        query = query.where('facet_history.revision', '<', revision)
      }
      const rows = await query
        .orderBy('facet_history.revision', 'desc')
        .limit(limit + 1)
        .execute()
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: shown.map(row => ({
          digest: row.digest,
          state: row.state as FacetState['state'],
          schemaVersion: row.schema_version,
          validFrom: isoTime(row.valid_from),
          validTo: row.valid_to === 0 ? '' : isoTime(row.valid_to),
          receivedAt: isoTime(row.received_at),
        })),
        ...(rows.length > limit && last ? { nextCursor: encodeCursor('facet-history', [last.revision]) } : {}),
      }
    },
  }
}

async function readFacets(database: Kysely<Tables>, hostId: string): Promise<readonly FacetSummary[]> {
  const rows = await currentOf(database, hostId).orderBy('facet_current.facet').execute()
  return rows.map(row => {
    const state = toFacetState(row.digest, toStoredBody(row), undefined)
    return {
      facet: row.facet,
      state: state.state,
      schemaVersion: row.schema_version,
      digest: row.digest,
      reason: state.state === 'present' ? '' : `${state.reason.code}: ${state.reason.detail}`,
      since: isoTime(row.since),
      receivedAt: isoTime(row.received_at),
    }
  })
}

function currentOf(database: Kysely<Tables>, hostId: string) {
  return database
    .selectFrom('host')
    .innerJoin('facet_current', 'facet_current.host_no', 'host.host_no')
    .innerJoin('blob', 'blob.digest', 'facet_current.digest')
    .select([
      'host.host_no',
      'facet_current.facet',
      'facet_current.digest',
      'facet_current.since',
      'facet_current.received_at',
      'facet_current.good_digest',
      'facet_current.good_since',
      'blob.schema_version',
      'blob.state',
      'blob.body',
    ])
    .where('host.id', '=', hostId)
}

function historyOf(database: Kysely<Tables>, hostId: string, facet: string) {
  return database
    .selectFrom('host')
    .innerJoin('facet_history', 'facet_history.host_no', 'host.host_no')
    .innerJoin('blob', 'blob.digest', 'facet_history.digest')
    .select([
      'facet_history.facet',
      'facet_history.digest',
      'facet_history.revision',
      'facet_history.valid_from',
      'facet_history.valid_to',
      'facet_history.received_at',
      'blob.schema_version',
      'blob.state',
      'blob.body',
    ])
    .where('host.id', '=', hostId)
    .where('facet_history.facet', '=', facet)
}

function toStoredBody(row: { facet: string; schema_version: number; state: string; body: string }): StoredBody {
  return {
    facet: row.facet,
    schemaVersion: row.schema_version,
    state: row.state as FacetState['state'],
    body: row.body,
  }
}
