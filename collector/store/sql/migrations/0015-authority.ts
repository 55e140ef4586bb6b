// Which CA the hosts of this database know: one row, so that of two collectors that begin at once one is the first.
import type { Migration } from '../migration.ts'

export const authority: Migration = {
  kind: 'rebuild',
  number: 15,
  name: 'authority',
  statements: [
    `create table authority (
      id integer primary key,
      pin text not null,
      since integer not null
    ) strict`,
  ],
}
