// The statements of all areas put together: what a store answers, and what a transaction writes.
import type { StoreReader } from '../store.ts'
import type { StoreTransaction } from '../transaction.ts'
import { accessReads, accessWrites } from './access.ts'
import { agentHealthReads, agentHealthWrites } from './agent-health.ts'
import { atCommit } from './at-commit.ts'
import { authorityReads, authorityWrites } from './authorities.ts'
import { clusterHostReads, clusterHostWrites } from './cluster-hosts.ts'
import { cohortStates } from './cohort-states.ts'
import type { Connection } from './connection.ts'
import { deleteHost, retireHost } from './delete-host.ts'
import { facetFollowing } from './follow-facet.ts'
import { gapReads, gapWrites } from './gaps.ts'
import { identityReads, identityWrites } from './identities.ts'
import { judgingReads, judgingWrites } from './judging.ts'
import { notificationReads, notificationWrites } from './notifications.ts'
import { hostPlacement } from './place-host.ts'
import { placedHosts } from './placed-hosts.ts'
import { pruneWrites } from './prune.ts'
import { alikeReads } from './read-alike.ts'
import { cohortReads } from './read-cohorts.ts'
import { readDrift, readDriftAfter } from './read-drift.ts'
import { facetReads } from './read-facets.ts'
import { factReads } from './read-facts.ts'
import { readFailing } from './read-failing.ts'
import { historyReads } from './read-history.ts'
import { hostReads } from './read-hosts.ts'
import { pastReads } from './read-past.ts'
import { readResultHistory } from './read-result-history.ts'
import { resultReads } from './read-results.ts'
import { readUnreadFacets } from './read-unread.ts'
import { replicaReads, replicaWrites } from './replicas.ts'
import { resultCounts } from './result-counts.ts'
import { policyReads, policyWrites } from './standing-policy.ts'
import { cohortWrites } from './write-cohorts.ts'
import { facetWrites } from './write-facets.ts'
import { historyWrites } from './write-history.ts'
import { hostWrites } from './write-hosts.ts'
import { type Late, resultWrites } from './write-results.ts'

export function createReader(connection: Connection): StoreReader {
  const { database } = connection
  return {
    ...hostReads(database),
    ...facetReads(connection),
    ...factReads(database),
    ...identityReads(database),
    ...gapReads(database),
    ...agentHealthReads(database),
    ...accessReads(database),
    ...resultReads(database),
    ...judgingReads(connection),
    ...replicaReads(connection),
    ...policyReads(connection),
    ...authorityReads(database),
    ...historyReads(database),
    ...pastReads(database),
    unreadFacets: () => readUnreadFacets(database),
    failing: (filter, page) => readFailing(database, filter, page),
    ...clusterHostReads(database),
    ...notificationReads(database),
    ...cohortReads(database),
    ...alikeReads(database),
    resultHistory: (hostId, check, page) => readResultHistory(database, hostId, check, page),
    drift: (filter, page) => readDrift(database, filter, page),
    driftAfter: (id, limit, scope) => readDriftAfter(database, id, limit, scope),
  }
}

export interface Writer {
  readonly transaction: StoreTransaction
  readonly late: Late
}

/** @param connection in whose transaction everything is written but bodies; @param bodies see `facetWrites` */
export function createWriter(connection: Connection, bodies: Connection = connection): Writer {
  const { database } = connection
  const late = { counts: atCommit(), drift: atCommit() }
  const states = cohortStates(connection, late.counts)
  const counters = resultCounts(connection, late.counts)
  const plain: StoreTransaction = {
    ...hostWrites(connection),
    ...facetWrites(connection, facetFollowing(connection, states), bodies),
    ...resultWrites(connection, bodies, { ...late, counters }),
    ...judgingWrites(connection),
    ...identityWrites(database),
    ...gapWrites(database),
    ...agentHealthWrites(database),
    ...accessWrites(database),
    ...pruneWrites(connection),
    ...replicaWrites(connection),
    ...policyWrites(connection),
    ...authorityWrites(database),
    ...historyWrites(connection, late.counts),
    ...clusterHostWrites(database, counters),
    ...notificationWrites(database),
    ...cohortWrites(database),
    deleteHost: id => deleteHost(database, counters, id),
    retireHost: (id, reason, atMs) => retireHost(database, counters, id, { reason, atMs }),
  }
  const transaction = { ...plain, ...placedHosts(plain, hostPlacement(connection, states)) }
  return { transaction, late }
}
