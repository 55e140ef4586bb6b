// One policy in force for all collectors on a database: what it says, who put it, and how often its waivers changed.
import type { Migration } from '../migration.ts'

export const onePolicy: Migration = {
  kind: 'expand',
  worksWith: 19,
  number: 21,
  name: 'one policy',
  statements: [
    // Grows with every policy that is put and with every waiver of the API that comes or goes.
    'alter table policy_in_force add column revision integer not null default 0',
    "alter table policy_in_force add column put_by text not null default ''",
    // JSON of its checks and profiles, for collectors that have another one; empty on SQLite.
    "alter table policy_in_force add column catalog text not null default ''",
  ],
}
