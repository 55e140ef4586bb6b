// Cohorts with their hosts, how many of these are how, what is pinned, and who differs from it.
import type { Migration } from '../migration.ts'

export const cohorts: Migration = {
  kind: 'rebuild',
  number: 13,
  name: 'cohorts',
  statements: [
    `create table cohort (
      cohort_no integer primary key,
      id text not null unique,
      source text not null,
      description text not null,
      hosts text not null,
      changed_at integer not null,
      in_force integer not null
    ) strict`,
    `create table cohort_member (
      cohort_no integer not null references cohort,
      host_no integer not null references host,
      primary key (cohort_no, host_no)
    ) strict, without rowid`,
    'create index cohort_member_by_host on cohort_member (host_no)',
    `create table cohort_state (
      cohort_no integer not null references cohort,
      facet text not null,
      blob_no integer not null,
      hosts integer not null,
      primary key (cohort_no, facet, blob_no)
    ) strict, without rowid`,
    `create table cohort_pin (
      cohort_no integer not null references cohort,
      facet text not null,
      blob_no integer not null references blob,
      pinned_at integer not null,
      pinned_by text not null,
      primary key (cohort_no, facet)
    ) strict, without rowid`,
    'create index cohort_pin_by_body on cohort_pin (blob_no)',
    `create table cohort_deviation (
      cohort_no integer not null references cohort,
      facet text not null,
      host_no integer not null references host,
      since integer not null,
      primary key (cohort_no, facet, host_no)
    ) strict, without rowid`,
    'create index cohort_deviation_by_host on cohort_deviation (host_no)',
  ],
}
