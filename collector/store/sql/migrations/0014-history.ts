// How failures came and went over time: severities of ended results, episodes of failures, daily sums, and what flaps.
import type { Migration } from '../migration.ts'

const statements = [
  'alter table result_history add column severity integer not null default 0',
  `update result_history set severity =
    (select severity from check_known where check_known.check_no = result_history.check_no)`,
  'alter table result_current add column failing_since integer not null default 0',
  'update result_current set failing_since = since where state = 0',
  `create index result_failing on result_current (severity, failing_since, check_no, host_no)
    where state = 0`,
  "alter table drift add column flapping text not null default ''",

  `create table posture_hour (
    hour integer not null,
    taken_at integer not null,
    tally text not null,
    hosts text not null,
    primary key (hour)
  ) strict, without rowid`,

  `create table turn_hour (
    hour integer not null,
    severity integer not null,
    opened integer not null,
    fixed integer not null,
    primary key (hour, severity)
  ) strict, without rowid`,

  `create table check_day (
    day integer not null,
    check_no integer not null references check_known,
    counts text not null,
    opened integer not null,
    fixed integer not null,
    primary key (check_no, day)
  ) strict, without rowid`,
  'create index check_day_by_day on check_day (day)',

  `create table fix_day (
    day integer not null,
    check_no integer not null,
    severity integer not null,
    bucket integer not null,
    failures integer not null,
    primary key (check_no, day, severity, bucket)
  ) strict, without rowid`,
  'create index fix_day_by_day on fix_day (day)',

  `create table drift_item (
    host_no integer not null references host,
    item text not null,
    seen text not null,
    last_at integer not null,
    began_at integer not null,
    turns integer not null,
    latest text not null,
    primary key (host_no, item)
  ) strict, without rowid`,
  'create index drift_item_by_time on drift_item (last_at)',

  `create table pruned (
    kind text primary key,
    before_at integer not null
  ) strict, without rowid`,
]

export const history: Migration = {
  kind: 'rebuild',
  number: 14,
  name: 'history',
  statements,
}
