// Collectors on one database tell each other who is connected to them: one row each, written now and then.
import type { ReplicaReader, ReplicaTransaction } from '../replicas.ts'
import type { Connection } from './connection.ts'

/** After which a collector that says nothing is forgotten. */
const forgottenMs = 600_000

export function replicaReads({ database }: Connection): ReplicaReader {
  return {
    hostsOfOthers: async (id, sinceMs) => {
      const query = database.selectFrom('replica').select('hosts').where('id', '<>', id)
      const rows = await query.where('seen_at', '>=', sinceMs).execute()
      return rows.flatMap(row => JSON.parse(row.hosts) as readonly number[])
    },
  }
}

export function replicaWrites({ database }: Pick<Connection, 'database'>): ReplicaTransaction {
  return {
    putReplica: async ({ id, hosts, schema, policy }, atMs) => {
      const row = { hosts: JSON.stringify([...hosts]), seen_at: atMs, schema_number: schema, policy }
      await database
        .insertInto('replica')
        .values({ id, ...row })
        .onConflict(conflict => conflict.column('id').doUpdateSet(row))
        .execute()
      await database
        .deleteFrom('replica')
        .where('seen_at', '<', atMs - forgottenMs)
        .execute()
    },
    deleteReplica: async id => void (await database.deleteFrom('replica').where('id', '=', id).execute()),
  }
}
