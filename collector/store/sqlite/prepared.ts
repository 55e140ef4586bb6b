// Statements written with Kysely, compiled once and run synchronously: for what runs thousands of times a second.
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Connection } from './open-database.ts'
import type { Tables } from './tables.ts'

class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** A place in a statement that is filled when it runs. */
export function slot<T extends string | number | Uint8Array>(name: string): T {
  return new Slot(name) as unknown as T
}

/** Builds statements without a database behind it. */
export const statements = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: database => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

type Values = Readonly<Record<string, string | number | Uint8Array>>

export interface Prepared<Row> {
  all(values: Values): readonly Row[]
  get(values: Values): Row | undefined
  /** @returns rows changed, and the id of a row inserted */
  run(values: Values): { readonly changes: number; readonly id: number }
}

/** @throws Error when a value of a slot is missing */
export function prepare<Row>(connection: Connection, query: Compilable<Row>): Prepared<Row> {
  const { sql, parameters } = query.compile()
  const statement = connection.prepare(sql)
  const bind = (values: Values) =>
    parameters.map(parameter => {
      if (!(parameter instanceof Slot)) return parameter
      const value = values[parameter.name]
      if (value === undefined) throw new Error(`slot ${parameter.name} is not filled: ${sql}`)
      return value
    })
  return {
    all: values => statement.all(bind(values)) as Row[],
    get: values => statement.get(bind(values)) as Row | undefined,
    run: values => {
      const { changes, lastInsertRowid } = statement.run(bind(values))
      return { changes: Number(changes), id: Number(lastInsertRowid) }
    },
  }
}
