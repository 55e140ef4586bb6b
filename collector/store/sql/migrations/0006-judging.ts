// What results were not made with yet, the policy they were made with, waivers, and results that ended.
import type { Migration } from '../migration.ts'

const statements = [
  'alter table host add column judged_revision integer not null default 0',
  "alter table result_current add column waiver text not null default ''",
  "create index result_by_waiver on result_current (waiver) where waiver <> ''",

  `create table judgement_pending (
    host_no integer primary key references host,
    token integer not null,
    marks text not null
  ) strict`,

  `create table policy_version (
    version text primary key,
    digests text not null,
    put_at integer not null
  ) strict, without rowid`,

  `create table waiver (
    id text primary key,
    source text not null,
    hosts text not null,
    check_pattern text not null,
    reason text not null,
    owner text not null,
    ticket text not null,
    expires_at text not null,
    in_force integer not null
  ) strict, without rowid`,

  `create table result_history (
    id integer primary key,
    host_no integer not null references host,
    check_no integer not null references check_known,
    state integer not null,
    detail text not null,
    since integer not null,
    until integer not null
  ) strict`,
  'create index result_history_by_host on result_history (host_no, check_no, until)',
  'create index result_history_ended on result_history (until)',

  'drop table result_count',
  `create table result_count (
    check_no integer not null references check_known,
    severity integer not null,
    state integer not null,
    hosts integer not null,
    primary key (check_no, severity, state)
  ) strict, without rowid`,
  `insert into result_count (check_no, severity, state, hosts)
    select check_no, severity, state, count(*) from result_current group by check_no, severity, state`,
]

export const judging: Migration = {
  kind: 'rebuild',
  number: 6,
  name: 'judging',
  statements,
}
