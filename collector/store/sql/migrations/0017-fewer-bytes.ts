// Observations may be stored compressed, and one index less of results: lists of all states are put together from each.
import type { Migration } from '../migration.ts'

export const fewerBytes: Migration = {
  kind: 'rebuild',
  number: 17,
  name: 'fewer bytes',
  statements: [
    // Those that are there stay as they are until the agent sends the next.
    "alter table observation add column packed blob not null default x''",
    'drop index result_by_severity',
  ],
}
