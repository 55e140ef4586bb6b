// What statements run on: one connection to a database, whichever it is, and statements compiled once for it.
import type { Compilable, Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export type Dialect = 'sqlite' | 'postgres'

export type Value = string | number | Uint8Array
/** Values of slots by their names; what no slot asks for is left alone. */
export type Values = Readonly<Record<string, Value>>

export interface Connection {
  readonly dialect: Dialect
  /** builds statements, and runs those that are made when they are needed */
  readonly database: Kysely<Tables>
  /** compiles a statement once for all its runs */
  prepare<Row>(query: Compilable<Row>): Prepared<Row>
}

/** SQLite runs each at once; PostgreSQL in the order in which they were given, over one connection. */
export interface Prepared<Row> {
  all(values: Values): Promise<readonly Row[]>
  get(values: Values): Promise<Row | undefined>
  /** @returns rows changed */
  run(values: Values): Promise<number>
  /** Runs it without an answer: PostgreSQL takes the next one before it did this. A failure fails the transaction. */
  send(values: Values): void
}

export class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** A place in a statement that is filled when it runs. */
export function slot<T extends Value>(name: string): T {
  return new Slot(name) as unknown as T
}

/** @throws Error when a value of a slot is missing */
export function bind(parameters: readonly unknown[], values: Values): readonly unknown[] {
  return parameters.map(parameter => {
    if (!(parameter instanceof Slot)) return parameter
    const value = values[parameter.name]
    if (value === undefined) throw new Error(`slot ${parameter.name} is not filled`)
    return value
  })
}
