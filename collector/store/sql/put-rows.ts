// Statements that put many rows: one statement for all of them where a round trip or a plan per row would hurt.
import { sql } from 'kysely'
import { type Connection, slot, type Value } from './connection.ts'
import type { Tables } from './tables.ts'

/** Types of PostgreSQL; SQLite needs none. */
export type ColumnType = 'bigint' | 'text'

export interface PutRows<C extends string> {
  readonly table: keyof Tables
  readonly columns: Readonly<Record<C, ColumnType>>
  /** what makes a row the same one, and what then happens to it; without it a second one is an error */
  readonly conflict?: {
    readonly keys: readonly C[]
    /** columns that get the new value, or their sum; none leaves the row as it is */
    readonly replace?: readonly C[]
    readonly add?: readonly C[]
  }
}

/** @returns what sends rows; rows of one call have to differ in their keys */
export function prepareRows<const C extends string>(connection: Connection, put: PutRows<C>) {
  const names = Object.keys(put.columns) as C[]
  const one = connection.dialect === 'sqlite'
  const values = one
    ? sql`values (${sql.join(names.map(name => slot(name)))})`
    : sql`select * from unnest(${sql.join(names.map(name => sql`${slot(name)}::${sql.raw(put.columns[name])}[]`))})`
  const columns = sql.join(names.map(name => sql.ref(name)))
  const statement = sql`insert into ${sql.table(put.table)} (${columns}) ${values} ${onConflict(put)}`
  const prepared = connection.prepare({ compile: () => statement.compile(connection.database) })
  return (rows: readonly Readonly<Record<C, Value>>[]): void => {
    if (one) for (const row of rows) prepared.send(row)
    else if (rows.length > 0) prepared.send(toColumns(names, rows))
  }
}

function onConflict<C extends string>({ table, conflict }: PutRows<C>) {
  if (!conflict) return sql``
  const { keys, replace = [], add = [] } = conflict
  const set = [
    ...replace.map(name => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`),
    ...add.map(name => sql`${sql.ref(name)} = ${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`),
  ]
  const action = set.length === 0 ? sql`do nothing` : sql`do update set ${sql.join(set)}`
  return sql`on conflict (${sql.join(keys.map(name => sql.ref(name)))}) ${action}`
}

/** PostgreSQL takes one array per column. */
function toColumns<C extends string>(names: readonly C[], rows: readonly Readonly<Record<C, Value>>[]) {
  return Object.fromEntries(names.map(name => [name, rows.map(row => row[name]) as unknown as Value]))
}
