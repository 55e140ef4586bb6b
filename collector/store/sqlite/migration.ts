// What a migration is: one numbered step of the schema.
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export interface Migration {
  /** from 1, without holes */
  readonly number: number
  readonly name: string
  up(database: Kysely<Tables>): Promise<void>
}
