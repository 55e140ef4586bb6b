// What a version of tomorrow would bring: a column more in every table and a table of its own, then an index less.
import { newestSchema, migrations as today } from '../../../collector/store/sql/migrate.ts'
import type { Contract, Expand, Migration, Rebuild } from '../../../collector/store/sql/migration.ts'
import { tableKeys } from '../../../collector/store/sql/table-keys.ts'

export const expand: Expand = {
  kind: 'expand',
  worksWith: newestSchema,
  number: newestSchema + 1,
  name: 'more',
  statements: [
    ...Object.keys(tableKeys).map(table => `alter table ${table} add column tomorrow integer not null default 7`),
    'create table tomorrow (id integer primary key, said text not null) strict',
    'create index tomorrow_by_said on tomorrow (said)',
    'create index host_tomorrow on host (tomorrow)',
  ],
}

export const contract: Contract = {
  kind: 'contract',
  worksWith: expand.number,
  number: newestSchema + 2,
  name: 'less',
  statements: ['drop index drift_item_flapping'],
}

export const rebuild: Rebuild = {
  kind: 'rebuild',
  number: newestSchema + 3,
  name: 'anew',
  statements: ['create table anew (id integer primary key) strict'],
}

export const tomorrow: readonly Migration[] = [...today, expand, contract]
