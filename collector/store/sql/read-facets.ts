// Reading facets: where they stand now, where they stood at a time, and the history between.
import type { Kysely } from 'kysely'
import type { FacetState, JsonObject } from '../../../proto/facet.ts'
import { isoTime } from '../../../runtime/clock.ts'
import { decodeCursor } from '../cursor.ts'
import type {
  BodyHead,
  FacetHistoryRecord,
  FacetRecord,
  FacetSummary,
  Page,
  PageRequest,
  StoredBody,
} from '../records.ts'
import type { StoreReader } from '../store.ts'
import { toFacetState } from '../stored-body.ts'
import { type Connection, slot } from './connection.ts'
import { type PackedBody, unpackBody } from './pack-body.ts'
import { pageOf } from './page-of.ts'
import { currentStates } from './read-current.ts'
import type { Tables } from './tables.ts'

type FacetReads = Pick<StoreReader, 'facets' | 'facet' | 'facetAt' | 'facetHistory' | 'body' | 'bodyHead'>

export function facetReads(connection: Connection): FacetReads {
  const { database } = connection
  const head = connection.prepare(ofDigest(database).select(['facet', 'schema_version', 'state']))
  const body = storedBody(connection)

  async function lastGood(digest: string | null, since: number): Promise<Pick<FacetRecord, 'lastGood'>> {
    const good = digest === null ? undefined : await body(digest)
    if (!good || digest === null) return {}
    return { lastGood: { facts: JSON.parse(good.body) as JsonObject, digest, since: isoTime(since) } }
  }

  return {
    body,
    bodyHead: async digest => {
      const row = await head.get({ digest })
      return row && toHead(row)
    },
    facets: hostId => readFacets(database, hostId),
    facet: async (hostId, facet) => {
      const row = await currentOf(database, hostId).where('facet_current.facet', '=', facet).executeTakeFirst()
      if (!row) return undefined
      const observed = await database
        .selectFrom('observation')
        .select(['body', 'packed', 'observed_at'])
        .where('host_no', '=', row.host_no)
        .where('facet', '=', facet)
        .executeTakeFirst()
      return {
        hostId,
        current: toFacetState(row.digest, toStoredBody(row), observed && unpackBody(observed)),
        since: isoTime(row.since),
        receivedAt: isoTime(row.received_at),
        observedAt: observed ? isoTime(observed.observed_at) : '',
        ...(await lastGood(row.good_digest, row.good_since)),
      }
    },
    facetAt: async (hostId, facet, atMs) => {
      const row = await heldAt(database, hostId, atMs)
        .where('facet_history.facet', '=', facet)
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
    facetHistory: (hostId, facet, page) => readHistory(database, hostId, facet, page),
  }
}

export function storedBody(connection: Connection): (digest: string) => Promise<StoredBody | undefined> {
  const query = ofDigest(connection.database).select(['facet', 'schema_version', 'state', 'body', 'packed'])
  const one = connection.prepare(query)
  return async digest => {
    const row = await one.get({ digest })
    return row && toStoredBody(row)
  }
}

const ofDigest = (database: Kysely<Tables>) => database.selectFrom('blob').where('digest', '=', slot<string>('digest'))

async function readHistory(
  database: Kysely<Tables>,
  hostId: string,
  facet: string,
  { limit, cursor }: PageRequest,
): Promise<Page<FacetHistoryRecord>> {
  let query = ofHistory(database, hostId).where('facet_history.facet', '=', facet)
  if (cursor !== undefined) {
    const [revision] = decodeCursor('facet-history', cursor, ['number'])
    query = query.where('facet_history.revision', '<', revision)
  }
  const rows = await query
    .orderBy('facet_history.revision', 'desc')
    .limit(limit + 1)
    .execute()
  return pageOf(
    rows,
    limit,
    'facet-history',
    last => [last.revision],
    row => ({
      digest: row.digest,
      state: row.state as FacetState['state'],
      schemaVersion: row.schema_version,
      validFrom: isoTime(row.valid_from),
      validTo: row.valid_to === 0 ? '' : isoTime(row.valid_to),
      receivedAt: isoTime(row.received_at),
    }),
  )
}

/** Of each facet the one state that held then. */
export async function readFacetsAt(
  database: Kysely<Tables>,
  hostId: string,
  atMs: number,
): Promise<readonly FacetSummary[]> {
  const rows = await heldAt(database, hostId, atMs).orderBy('facet_history.facet').execute()
  return rows.map(row => toSummary({ ...row, since: row.valid_from }))
}

async function readFacets(database: Kysely<Tables>, hostId: string): Promise<readonly FacetSummary[]> {
  const rows = await currentOf(database, hostId).orderBy('facet_current.facet').execute()
  return rows.map(toSummary)
}

type SummaryRow = HeadRow & PackedBody & Readonly<Record<'since' | 'received_at', number>> & { readonly digest: string }

function toSummary(row: SummaryRow): FacetSummary {
  const { facet, schemaVersion, state } = toHead(row)
  return {
    ...{ facet, state, schemaVersion, digest: row.digest },
    reason: state === 'present' ? '' : reasonOf(row.digest, toStoredBody(row)),
    since: isoTime(row.since),
    receivedAt: isoTime(row.received_at),
  }
}

function reasonOf(digest: string, stored: StoredBody): string {
  const state = toFacetState(digest, stored, undefined)
  return state.state === 'present' ? '' : `${state.reason.code}: ${state.reason.detail}`
}

function currentOf(database: Kysely<Tables>, hostId: string) {
  return currentStates(database)
    .innerJoin('host', 'host.host_no', 'facet_current.host_no')
    .select(['facet_current.host_no', 'facet_current.received_at', 'blob.body', 'blob.packed'])
    .where('host.id', '=', hostId)
}

function heldAt(database: Kysely<Tables>, hostId: string, atMs: number) {
  return ofHistory(database, hostId)
    .where('facet_history.valid_from', '<=', atMs)
    .where(({ or, eb }) => or([eb('facet_history.valid_to', '>', atMs), eb('facet_history.valid_to', '=', 0)]))
}

function ofHistory(database: Kysely<Tables>, hostId: string) {
  return database
    .selectFrom('host')
    .innerJoin('facet_history', 'facet_history.host_no', 'host.host_no')
    .innerJoin('blob', 'blob.blob_no', 'facet_history.blob_no')
    .select([
      'facet_history.facet',
      'blob.digest',
      'facet_history.revision',
      'facet_history.valid_from',
      'facet_history.valid_to',
      'facet_history.received_at',
      'blob.schema_version',
      'blob.state',
      'blob.body',
      'blob.packed',
    ])
    .where('host.id', '=', hostId)
}

interface HeadRow {
  readonly facet: string
  readonly schema_version: number
  readonly state: string
}

function toHead(row: HeadRow): BodyHead {
  return { facet: row.facet, schemaVersion: row.schema_version, state: row.state as FacetState['state'] }
}

export function toStoredBody(row: HeadRow & PackedBody): StoredBody {
  return { ...toHead(row), body: unpackBody(row) }
}
