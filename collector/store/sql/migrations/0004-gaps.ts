// Stretches of a facet's history in which changes cannot be told apart.
import type { Migration } from '../migration.ts'

const statements = [
  `create table facet_gap (
    id integer primary key,
    host_no integer not null references host,
    facet text not null,
    valid_from integer not null,
    valid_to integer not null,
    changes integer not null,
    received_at integer not null
  ) strict`,
  'create index facet_gap_by_host on facet_gap (host_no, id)',
]

export const gaps: Migration = {
  kind: 'rebuild',
  number: 4,
  name: 'gaps',
  statements,
}
