// Bodies may be stored compressed; those that are there stay as they are.
import { sql } from 'kysely'
import type { Migration } from '../migration.ts'

export const packedBodies: Migration = {
  number: 2,
  name: 'packed-bodies',
  up: async database => {
    await sql.raw("alter table blob add column packed blob not null default x''").execute(database)
  },
}
