// What a migration is: one numbered step of the schema, the same on every database.
import type { Kysely } from 'kysely'
import type { Ddl } from './ddl.ts'
import type { Tables } from './tables.ts'

export interface Migration {
  /** from 1; each number once, ascending */
  readonly number: number
  readonly name: string
  /** what changes the tables, in one transaction with `move` */
  readonly statements: readonly Ddl[]
  /** moves what is in them; it takes as long as there are rows, so it says how far it came, and waits until that is told */
  move?(database: Kysely<Tables>, progress: (text: string) => Promise<void>): Promise<void>
}
