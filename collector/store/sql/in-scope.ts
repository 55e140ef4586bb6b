// Conditions on the labels of a host, for filters and for those who may see some hosts only.
import type { Expression, Kysely, SqlBool } from 'kysely'
import type { Scope } from '../access-records.ts'
import { hasJsonValue } from './dialect.ts'
import type { Tables } from './tables.ts'

/** For a query that has the table `host`. */
export function hasLabel(database: Kysely<Tables>, key: string, value: string): Expression<SqlBool> {
  return hasJsonValue(database, 'host.labels', key, value)
}

/** For a query that has the table `host`: one condition per label, none when there is no scope. */
export function inScope(database: Kysely<Tables>, scope: Scope | undefined): Expression<SqlBool>[] {
  return Object.entries(scope ?? {}).map(([key, value]) => hasLabel(database, key, value))
}
