// Writing facets: bodies by digest, the state in force, its history, and the latest observations.
import { sql } from 'kysely'
import type { StoreTransaction } from '../transaction.ts'
import { type Connection, slot } from './connection.ts'
import type { FollowFacet } from './follow-facet.ts'
import { packBody } from './pack-body.ts'
import { currentFacet } from './read-current.ts'
import { storedBody } from './read-facets.ts'

type FacetWrites = Pick<
  StoreTransaction,
  'currentFacet' | 'body' | 'putBody' | 'putFacet' | 'confirmFacet' | 'putObservations'
>

/**
 * @param follow told of each state before it is put
 * @param bodies where bodies are put: on their own they are part of no transaction, so that collectors that get the same
 * bodies at once never wait for each other
 */
export function facetWrites(connection: Connection, follow: FollowFacet, bodies: Connection = connection): FacetWrites {
  const current = prepareCurrentStatements(connection)
  const history = prepareHistoryStatements(connection)
  const blob = prepareBlobStatements(connection, bodies)
  const observation = prepareObservationStatements(connection)
  return {
    currentFacet: currentFacet(connection),
    body: storedBody(connection),
    putBody: async (digest, { facet, schemaVersion, state, body }) => {
      // Many hosts send one body, and packing it costs more than to ask.
      if ((await blob.known.get({ digest })) !== undefined) return
      await blob.put.run({ digest, facet, schemaVersion, state, ...packBody(body) })
    },
    putFacet: async (host, next) => {
      const pinned = await follow(host, next)
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
      return pinned
    },
    confirmFacet: async (host, facet, agentVersion) => {
      current.confirm.send({ host, facet, agentVersion })
    },
    putObservations: async (host, { facet, body, observedAtMs, receivedAtMs }) => {
      const values = { host, facet, ...packBody(body), observedAt: observedAtMs, receivedAt: receivedAtMs }
      if ((await observation.update.run(values)) > 0) return false
      observation.insert.send(values)
      return true
    },
  }
}

/** Number of the body with the digest in a slot. */
const numberOf = (digest: string) => sql<number>`(select blob_no from blob where digest = ${slot(digest)})`

const host = slot<number>('host')
const facet = slot<string>('facet')

function prepareCurrentStatements(connection: Connection) {
  const { database } = connection
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
        .where('revision', '=', slot<number>('revision'))
        .where('valid_to', '=', sql.lit(0)),
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
    packed: slot<Uint8Array>('packed'),
    observed_at: slot<number>('observedAt'),
    received_at: slot<number>('receivedAt'),
  }
  return {
    insert: connection.prepare(database.insertInto('observation').values({ host_no: host, facet, ...changing })),
    update: connection.prepare(
      database.updateTable('observation').set(changing).where('host_no', '=', host).where('facet', '=', facet),
    ),
  }
}
