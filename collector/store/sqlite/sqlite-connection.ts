// Runs compiled statements on SQLite, synchronously.
import { type Compilable, Kysely, SqliteDialect } from 'kysely'
import { bind, type Connection, type Prepared, type Values } from '../sql/connection.ts'
import type { Tables } from '../sql/tables.ts'
import type { SqliteHandle } from './open-database.ts'

/** Whoever opened the handle closes it. */
export function sqliteConnection(handle: SqliteHandle): Connection {
  return {
    dialect: 'sqlite',
    database: new Kysely<Tables>({ dialect: new SqliteDialect({ database: handle }) }),
    prepare: query => prepare(handle, query),
  }
}

function prepare<Row>(handle: SqliteHandle, query: Compilable<Row>): Prepared<Row> {
  const { sql, parameters } = query.compile()
  const statement = handle.prepare(sql)
  const run = (values: Values) => Number(statement.run(bind(parameters, values)).changes)
  return {
    all: async values => statement.all(bind(parameters, values)) as Row[],
    get: async values => statement.get(bind(parameters, values)) as Row | undefined,
    run: async values => run(values),
    send: run,
  }
}
