// Upkeep of PostgreSQL: the server does most of it by itself.

import type { Upkeep } from '../retention.ts'
import { newestBody } from '../sql/prune.ts'
import { unusedDetails } from '../sql/unused-details.ts'
import { ifAlone } from './locks.ts'
import type { Pool, PostgresOptions } from './open-client.ts'
import { readingFrom } from './postgres-connection.ts'

export function postgresUpkeep(server: PostgresOptions, pool: Pool): Upkeep {
  return {
    ifAlone: (name, work) => ifAlone(server, name, work),
    newestBody: () => newestBody(readingFrom(pool)),
    unusedDetails: usedBefore => unusedDetails(readingFrom(pool), usedBefore),
    tidy: async () => false,
    size: async () => {
      const { rows } = await pool.query<{ bytes: number }>('select pg_database_size(current_database()) as bytes')
      return { bytes: rows[0]?.bytes ?? 0, freeBytes: 0, logBytes: 0 }
    },
  }
}
