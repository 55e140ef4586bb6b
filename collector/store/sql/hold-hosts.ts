// Rows of hosts that stay as they are until the transaction ends: whoever writes about a host holds its row before all else.
import type { Kysely, SelectQueryBuilder } from 'kysely'
import { dialectOf } from './dialect.ts'
import type { Tables } from './tables.ts'

/** On SQLite there is one transaction at a time. */
export const holding = <O>(database: Kysely<Tables>, query: SelectQueryBuilder<Tables, 'host', O>) =>
  dialectOf(database) === 'postgres' ? query.forUpdate() : query
