// Which CA the hosts of this database know.
import type { Migration } from '../migration.ts'

export const authority: Migration = {
  number: 15,
  name: 'authority',
  statements: [
    `create table authority (
      pin text primary key,
      since integer not null
    ) strict, without rowid`,
  ],
}
