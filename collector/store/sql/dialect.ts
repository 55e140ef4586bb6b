// The few conditions that SQLite and PostgreSQL word differently.
import { type Expression, type Kysely, PostgresAdapter, type SqlBool, sql } from 'kysely'
import type { Dialect } from './connection.ts'
import type { Tables } from './tables.ts'

export function dialectOf(database: Kysely<Tables>): Dialect {
  return database.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}

/** Whether a JSON object of strings in a column has that value under that key. @param column such as `host.labels` */
export function hasJsonValue(
  database: Kysely<Tables>,
  column: string,
  key: string,
  value: string,
): Expression<SqlBool> {
  const object = sql.ref(column)
  if (dialectOf(database) === 'postgres') return sql<boolean>`(${object}::json ->> ${key}) = ${value}`
  return sql<boolean>`exists (select 1 from json_each(${object}) as entry where entry.key = ${key} and entry.value = ${value})`
}

/** A number in a list of lists in a column of JSON; 0 where the column is empty. @param column such as `host.tally` */
export function jsonNumberAt(database: Kysely<Tables>, column: string, row: number, place: number): Expression<number> {
  const lists = sql.ref(column)
  const [outer, inner] = [sql.lit(row), sql.lit(place)]
  if (dialectOf(database) === 'postgres') {
    return sql<number>`case when ${lists} = '' then 0 else (${lists}::json -> ${outer} ->> ${inner})::bigint end`
  }
  return sql<number>`case when ${lists} = '' then 0 else json_extract(${lists}, ${sql.lit(`$[${row}][${place}]`)}) end`
}

/** A list of numbers for `in` and `not in`, however many they are. */
export function numberList(database: Kysely<Tables>, numbers: Iterable<number>) {
  const list = [...numbers]
  if (dialectOf(database) === 'postgres') return sql<number>`(select unnest(${list}::bigint[]))`
  return sql<number>`(select value from json_each(${JSON.stringify(list)}))`
}

/** Whether a text has another one in it, whatever the case of its ASCII letters. */
export function containsText(database: Kysely<Tables>, column: string, text: string): Expression<SqlBool> {
  const pattern = `%${text.replace(/[\\%_]/g, char => `\\${char}`)}%`
  const like = dialectOf(database) === 'postgres' ? sql`ilike` : sql`like`
  return sql<boolean>`${sql.ref(column)} ${like} ${pattern} escape '\\'`
}
