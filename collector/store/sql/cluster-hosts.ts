// Nodes of clusters: found by the beginning of their keys, labelled, retired and taken back.
import type { Kysely, Selectable } from 'kysely'
import type { ClusterHost, ClusterHostReader, ClusterHostTransaction } from '../cluster-hosts.ts'
import { retireHost } from './delete-host.ts'
import { holding } from './hold-hosts.ts'
import type { ResultCount } from './result-counts.ts'
import type { Tables } from './tables.ts'

export function clusterHostReads(database: Kysely<Tables>): ClusterHostReader {
  return {
    // Texts compare byte by byte, and no key has a character above this one after its prefix.
    clusterHosts: async (prefix, { after, limit, silentSinceMs }) => {
      let query = clusterHosts(database).where('host_key', '>=', prefix).where('host_key', '<', `${prefix}\u007f`)
      if (silentSinceMs !== undefined)
        query = query.where('standing', '=', 'active').where('last_seen', '<', silentSinceMs)
      const rows = await query.where('host_no', '>', after).orderBy('host_no').limit(limit).execute()
      return rows.map(toClusterHost)
    },
    clusterHost: async hostKey => {
      const row = await clusterHosts(database).where('host_key', '=', hostKey).executeTakeFirst()
      return row && toClusterHost(row)
    },
  }
}

/** @param counters see `resultCounts` */
export function clusterHostWrites(database: Kysely<Tables>, counters: ResultCount[]): ClusterHostTransaction {
  return {
    grantLabels: async (host, granted) => {
      const query = database.selectFrom('host').select(['labels', 'agent_labels', 'granted_labels'])
      const before = await query.where('host_no', '=', host).executeTakeFirstOrThrow()
      const merged = mergedLabels(before.agent_labels, JSON.stringify(granted))
      if (before.granted_labels === merged.granted && before.labels === merged.labels) {
        return { labels: JSON.parse(before.labels), changed: false }
      }
      const change = { labels: merged.labels, granted_labels: merged.granted }
      await database.updateTable('host').set(change).where('host_no', '=', host).execute()
      return { labels: JSON.parse(merged.labels), changed: before.labels !== merged.labels }
    },
    retireSilent: async (host, reason, heardBeforeMs, atMs) => {
      const query = database.selectFrom('host').select('id').where('host_no', '=', host)
      const silent = holding(database, query).where('standing', '=', 'active').where('last_seen', '<', heardBeforeMs)
      const row = await silent.executeTakeFirst()
      return row !== undefined && (await retireHost(database, counters, row.id, { reason, atMs }))
    },
    returnToFleet: async (host, reason, atMs) => {
      const standing = { standing: 'active', standing_reason: '', standing_since: atMs } as const
      const query = database.updateTable('host').set(standing).where('host_no', '=', host)
      const retired = query.where('standing', '=', 'retired').where('standing_reason', '=', reason)
      return (await retired.executeTakeFirst()).numUpdatedRows > 0n
    },
  }
}

/** What the collector granted goes over what the host says of itself. @param agent JSON objects of strings, both */
export function mergedLabels(agent: string, granted: string) {
  return { granted, labels: JSON.stringify({ ...JSON.parse(agent), ...JSON.parse(granted) }) }
}

const clusterHosts = (database: Kysely<Tables>) =>
  database
    .selectFrom('host')
    .select(['host_no', 'id', 'host_key', 'hostname', 'granted_labels'])
    .select(['standing', 'standing_reason', 'last_seen', 'judged_revision'])

type ClusterHostRow = Pick<
  Selectable<Tables['host']>,
  | 'host_no'
  | 'id'
  | 'host_key'
  | 'hostname'
  | 'granted_labels'
  | 'standing'
  | 'standing_reason'
  | 'last_seen'
  | 'judged_revision'
>

function toClusterHost(row: ClusterHostRow): ClusterHost {
  return {
    ...{ host: row.host_no, id: row.id, hostKey: row.host_key, hostname: row.hostname },
    ...{ grantedLabels: JSON.parse(row.granted_labels), standing: row.standing, standingReason: row.standing_reason },
    ...{ lastSeenMs: row.last_seen, revision: row.judged_revision },
  }
}
