// Conditions on the labels of a host, for filters and for those who may see some hosts only.
import { type Expression, type SqlBool, sql } from 'kysely'
import type { Scope } from '../access-records.ts'

/** For a query that has the table `host`. */
export function hasLabel(key: string, value: string): Expression<SqlBool> {
  return sql<boolean>`exists (select 1 from json_each(host.labels) as label where label.key = ${key} and label.value = ${value})`
}

/** For a query that has the table `host`: one condition per label, none when there is no scope. */
export function inScope(scope: Scope | undefined): Expression<SqlBool>[] {
  return Object.entries(scope ?? {}).map(([key, value]) => hasLabel(key, value))
}
