// Collectors on one database say what they know and judge by, so that they can be replaced one after another.
import type { Migration } from '../migration.ts'

export const oneAfterAnother: Migration = {
  kind: 'expand',
  worksWith: 19,
  number: 20,
  name: 'one after another',
  statements: [
    'alter table migration add column works_with integer not null default 0',
    // Collectors that do not write it know the schema before, since they refuse every newer one.
    'alter table replica add column schema_number integer not null default 19',
    "alter table replica add column policy text not null default ''",
    `create table policy_in_force (
      id integer primary key check (id = 1),
      version text not null,
      put_at integer not null
    ) strict`,
    'create index drift_item_flapping on drift_item (last_at) where began_at > 0',
  ],
}
