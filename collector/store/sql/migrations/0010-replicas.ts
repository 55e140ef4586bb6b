// Which collectors share the database now, and who is connected to each.
import type { Migration } from '../migration.ts'

export const replicas: Migration = {
  kind: 'rebuild',
  number: 10,
  name: 'replicas',
  statements: [
    `create table replica (
      id text primary key,
      hosts text not null,
      seen_at integer not null
    ) strict, without rowid`,
  ],
}
