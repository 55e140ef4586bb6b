// Writing facets: bodies by digest, the state in force, its history, and the latest observations.
import { sql } from 'kysely'
import type { FacetState } from '../../../proto/facet.ts'
import type { CurrentFacet, StoreTransaction } from '../transaction.ts'
import { type Connection, slot } from './connection.ts'
import { packBody, unpackBody } from './pack-body.ts'

type FacetWrites = Pick<
  StoreTransaction,
  | 'currentFacets'
  | 'currentFacet'
  | 'body'
  | 'putBody'
  | 'putFacet'
  | 'confirmFacet'
  | 'observations'
  | 'putObservations'
>

/**
 * @param bodies where bodies are put: on their own they are part of no transaction, so that collectors that get the same
 * bodies at once never wait for each other
 */
export function facetWrites(connection: Connection, bodies: Connection = connection): FacetWrites {
  const current = prepareCurrentStatements(connection)
  const history = prepareHistoryStatements(connection)
  const blob = prepareBlobStatements(connection, bodies)
  const observation = prepareObservationStatements(connection)
  return {
    currentFacets: async host => (await current.all.all({ host })).map(toCurrentFacet),
    currentFacet: async (host, facet) => {
      const row = await current.one.get({ host, facet })
      return row && toCurrentFacet(row)
    },
    body: async digest => {
      const row = await blob.get.get({ digest })
      return (
        row && {
          facet: row.facet,
          schemaVersion: row.schema_version,
          state: row.state as FacetState['state'],
          body: unpackBody(row),
        }
      )
    },
    putBody: async (digest, { facet, schemaVersion, state, body }) => {
      // Many hosts send one body, and packing it costs more than to ask.
      if ((await blob.known.get({ digest })) !== undefined) return
      await blob.put.run({ digest, facet, schemaVersion, state, ...packBody(body) })
    },
    putFacet: async (host, next) => {
      if (next.revision > 1) {
        history.end.send({ host, facet: next.facet, revision: next.revision - 1, at: next.sinceMs })
      }
      history.begin.send({
        host,
        facet: next.facet,
        revision: next.revision,
        digest: next.digest,
        from: next.sinceMs,
        observedAt: next.observedAtMs,
        receivedAt: next.receivedAtMs,
      })
      current.put.send({
        host,
        facet: next.facet,
        digest: next.digest,
        since: next.sinceMs,
        receivedAt: next.receivedAtMs,
        revision: next.revision,
        agentVersion: next.agentVersion,
        goodDigest: next.goodDigest,
        goodSince: next.goodSinceMs,
      })
    },
    confirmFacet: async (host, facet, agentVersion) => {
      current.confirm.send({ host, facet, agentVersion })
    },
    observations: async host =>
      (await observation.all.all({ host })).map(row => ({
        facet: row.facet,
        body: row.body,
        observedAtMs: row.observed_at,
        receivedAtMs: row.received_at,
      })),
    putObservations: async (host, { facet, body, observedAtMs, receivedAtMs }) => {
      const values = { host, facet, body, observedAt: observedAtMs, receivedAt: receivedAtMs }
      if ((await observation.update.run(values)) > 0) return false
      observation.insert.send(values)
      return true
    },
  }
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

/** Number of the body with the digest in a slot. */
const numberOf = (digest: string) => sql<number>`(select blob_no from blob where digest = ${slot(digest)})`

const host = slot<number>('host')
const facet = slot<string>('facet')

function prepareCurrentStatements(connection: Connection) {
  const { database } = connection
  const ofHost = database
    .selectFrom('facet_current')
    .innerJoin('blob', 'blob.blob_no', 'facet_current.blob_no')
    .leftJoin('blob as good', 'good.blob_no', 'facet_current.good_blob_no')
    .select([
      'facet_current.facet',
      'blob.digest',
      'blob.state',
      'blob.schema_version',
      'facet_current.since',
      'facet_current.revision',
      'facet_current.agent_version',
      'good.digest as good_digest',
      'facet_current.good_since',
    ])
    .where('facet_current.host_no', '=', host)
  const changing = {
    blob_no: numberOf('digest'),
    since: slot<number>('since'),
    received_at: slot<number>('receivedAt'),
    revision: slot<number>('revision'),
    agent_version: slot<string>('agentVersion'),
    good_blob_no: sql<number>`coalesce(${numberOf('goodDigest')}, 0)`,
    good_since: slot<number>('goodSince'),
  }
  return {
    all: connection.prepare(ofHost),
    one: connection.prepare(ofHost.where('facet_current.facet', '=', facet)),
    put: connection.prepare(
      database
        .insertInto('facet_current')
        .values({ host_no: host, facet, ...changing })
        .onConflict(conflict => conflict.columns(['host_no', 'facet']).doUpdateSet(changing)),
    ),
    confirm: connection.prepare(
      database
        .updateTable('facet_current')
        .set({ agent_version: slot<string>('agentVersion') })
        .where('host_no', '=', host)
        .where('facet', '=', facet),
    ),
  }
}

function prepareHistoryStatements(connection: Connection) {
  const { database } = connection
  return {
    end: connection.prepare(
      database
        .updateTable('facet_history')
        .set({ valid_to: slot<number>('at') })
        .where('host_no', '=', host)
        .where('facet', '=', facet)
        .where('revision', '=', slot<number>('revision')),
    ),
    begin: connection.prepare(
      database.insertInto('facet_history').values({
        host_no: host,
        facet,
        revision: slot<number>('revision'),
        blob_no: numberOf('digest'),
        valid_from: slot<number>('from'),
        valid_to: 0,
        observed_at: slot<number>('observedAt'),
        received_at: slot<number>('receivedAt'),
      }),
    ),
  }
}

function prepareBlobStatements(connection: Connection, bodies: Connection) {
  const { database } = connection
  return {
    get: connection.prepare(
      database
        .selectFrom('blob')
        .select(['facet', 'schema_version', 'state', 'body', 'packed'])
        .where('digest', '=', slot<string>('digest')),
    ),
    known: connection.prepare(database.selectFrom('blob').select('facet').where('digest', '=', slot<string>('digest'))),
    put: bodies.prepare(
      bodies.database
        .insertInto('blob')
        .values({
          digest: slot<string>('digest'),
          facet,
          schema_version: slot<number>('schemaVersion'),
          state: slot<string>('state'),
          body: slot<string>('body'),
          packed: slot<Uint8Array>('packed'),
        })
        .onConflict(conflict => conflict.column('digest').doNothing()),
    ),
  }
}

function prepareObservationStatements(connection: Connection) {
  const { database } = connection
  const changing = {
    body: slot<string>('body'),
    observed_at: slot<number>('observedAt'),
    received_at: slot<number>('receivedAt'),
  }
  return {
    all: connection.prepare(
      database
        .selectFrom('observation')
        .select(['facet', 'body', 'observed_at', 'received_at'])
        .where('host_no', '=', host),
    ),
    insert: connection.prepare(database.insertInto('observation').values({ host_no: host, facet, ...changing })),
    update: connection.prepare(
      database.updateTable('observation').set(changing).where('host_no', '=', host).where('facet', '=', facet),
    ),
  }
}
