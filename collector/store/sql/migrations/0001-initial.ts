// Hosts, facets with their history, results, drift: the first tables.
import type { Migration } from '../migration.ts'

const statements = [
  `create table host (
    host_no integer primary key,
    id text not null unique,
    host_key text not null unique,
    hostname text not null,
    machine_id text not null,
    boot_id text not null,
    agent_version text not null,
    labels text not null,
    skew_ms integer not null,
    first_seen integer not null,
    last_seen integer not null,
    score integer not null,
    coverage integer not null,
    tally text not null,
    profiles text not null,
    judged_with text not null,
    next_judgement integer not null
  ) strict`,
  'create index host_by_name on host (hostname, host_no)',
  'create index host_by_score on host (score, host_no)',
  'create index host_by_judgement on host (next_judgement) where next_judgement > 0',
  'create index host_by_catalog on host (judged_with)',

  `create table blob (
    digest text primary key,
    facet text not null,
    schema_version integer not null,
    state text not null,
    body text not null
  ) strict`,

  `create table facet_current (
    host_no integer not null references host,
    facet text not null,
    digest text not null references blob,
    since integer not null,
    received_at integer not null,
    revision integer not null,
    agent_version text not null,
    good_digest text not null,
    good_since integer not null,
    primary key (host_no, facet)
  ) strict, without rowid`,

  `create table facet_history (
    host_no integer not null references host,
    facet text not null,
    revision integer not null,
    digest text not null references blob,
    valid_from integer not null,
    valid_to integer not null,
    observed_at integer not null,
    received_at integer not null,
    outbox_id text not null,
    sequence integer not null,
    primary key (host_no, facet, revision)
  ) strict, without rowid`,
  'create index facet_history_ended on facet_history (valid_to) where valid_to > 0',

  `create table observation (
    host_no integer not null references host,
    facet text not null,
    body text not null,
    observed_at integer not null,
    received_at integer not null,
    primary key (host_no, facet)
  ) strict`,

  `create table outbox_progress (
    host_no integer not null references host,
    outbox_id text not null,
    applied_sequence integer not null,
    updated_at integer not null,
    primary key (host_no, outbox_id)
  ) strict, without rowid`,

  `create table check_known (
    check_no integer primary key,
    id text not null unique,
    severity integer not null,
    title text not null,
    facets text not null,
    in_force integer not null
  ) strict`,

  `create table result_current (
    host_no integer not null references host,
    check_no integer not null references check_known,
    state integer not null,
    severity integer not null,
    detail text not null,
    since integer not null,
    valid_until integer not null,
    primary key (host_no, check_no)
  ) strict, without rowid`,
  'create index result_by_state on result_current (state, severity, check_no, host_no)',
  'create index result_by_severity on result_current (severity, check_no, host_no)',

  `create table result_count (
    check_no integer not null references check_known,
    state integer not null,
    hosts integer not null,
    primary key (check_no, state)
  ) strict, without rowid`,

  `create table drift (
    id integer primary key autoincrement,
    host_no integer not null references host,
    kind text not null,
    subject text not null,
    change text not null,
    field text not null,
    text text not null,
    before text not null,
    after text not null,
    at integer not null,
    received_at integer not null
  ) strict`,
  'create index drift_by_host on drift (host_no, id)',
  'create index drift_by_subject on drift (subject, id)',
  'create index drift_by_kind on drift (kind, id)',
  'create index drift_by_time on drift (received_at, id)',
]

export const initial: Migration = {
  kind: 'rebuild',
  number: 1,
  name: 'initial',
  statements,
}
