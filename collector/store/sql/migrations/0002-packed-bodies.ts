// Bodies may be stored compressed; those that are there stay as they are.
import type { Migration } from '../migration.ts'

export const packedBodies: Migration = {
  kind: 'rebuild',
  number: 2,
  name: 'packed-bodies',
  statements: ["alter table blob add column packed blob not null default x''"],
}
