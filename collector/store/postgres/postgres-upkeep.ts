// Upkeep of PostgreSQL: the server does most of it by itself.

import type { PrunedKind, TimePartitions, Upkeep } from '../retention.ts'
import { newestBody } from '../sql/prune.ts'
import { dropPast, longerBy, makeAhead, partitionedTableOf } from '../sql/time-partitions.ts'
import { unusedDetails } from '../sql/unused-details.ts'
import { ifAlone, isTaken } from './locks.ts'
import { type Pool, type PostgresOptions, patiently } from './open-client.ts'
import { databaseOn, readingFrom } from './postgres-connection.ts'

export function postgresUpkeep(server: PostgresOptions, pool: Pool): Omit<Upkeep, 'contract'> {
  return {
    ifAlone: async (name, work) => ((await isTaken(pool, name)) ? undefined : ifAlone(server, name, work)),
    partitions: kind => partitionsOfKind(server, kind),
    newestBody: () => newestBody(readingFrom(pool)),
    unusedDetails: usedBefore => unusedDetails(readingFrom(pool), usedBefore),
    tidy: async () => false,
    rest: async () => undefined,
    size: async () => {
      const { rows } = await pool.query<{ bytes: number }>('select pg_database_size(current_database()) as bytes')
      return { bytes: rows[0]?.bytes ?? 0, freeBytes: 0, logBytes: 0 }
    },
  }
}

function partitionsOfKind(server: PostgresOptions, kind: PrunedKind): TimePartitions | undefined {
  const table = partitionedTableOf(kind)
  if (!table) return undefined
  return {
    longerBy,
    makeAhead: (nowMs, ageMs) => patiently(server, client => makeAhead(databaseOn(client), table, { nowMs, ageMs })),
    dropPast: beforeMs => patiently(server, client => dropPast(databaseOn(client), table, beforeMs)),
  }
}
