// Bodies get numbers that histories refer to: shorter rows, and an index that tells what nobody refers to any more.
import type { Migration } from '../migration.ts'

const statements = [
  `create table numbered_blob (
    blob_no integer primary key,
    digest text not null unique,
    facet text not null,
    schema_version integer not null,
    state text not null,
    body text not null,
    packed blob not null default x''
  ) strict`,
  `insert into numbered_blob (digest, facet, schema_version, state, body, packed)
    select digest, facet, schema_version, state, body, packed from blob order by facet, digest`,

  `create table numbered_current (
    host_no integer not null references host,
    facet text not null,
    blob_no integer not null references numbered_blob,
    since integer not null,
    received_at integer not null,
    revision integer not null,
    agent_version text not null,
    good_blob_no integer not null,
    good_since integer not null,
    primary key (host_no, facet)
  ) strict, without rowid`,
  `insert into numbered_current
      (host_no, facet, blob_no, since, received_at, revision, agent_version, good_blob_no, good_since)
    select host_no, held.facet, body.blob_no, since, received_at, revision, agent_version,
        coalesce(good.blob_no, 0), good_since
      from facet_current as held
      join numbered_blob as body on body.digest = held.digest
      left join numbered_blob as good on good.digest = held.good_digest`,

  `create table numbered_history (
    host_no integer not null references host,
    facet text not null,
    revision integer not null,
    blob_no integer not null references numbered_blob,
    valid_from integer not null,
    valid_to integer not null,
    observed_at integer not null,
    received_at integer not null,
    primary key (host_no, facet, revision)
  ) strict, without rowid`,
  `insert into numbered_history (host_no, facet, revision, blob_no, valid_from, valid_to, observed_at, received_at)
    select host_no, past.facet, revision, body.blob_no, valid_from, valid_to, observed_at, received_at
      from facet_history as past join numbered_blob as body on body.digest = past.digest`,

  'drop table facet_current',
  'drop table facet_history',
  'drop table blob',
  'alter table numbered_blob rename to blob',
  'alter table numbered_current rename to facet_current',
  'alter table numbered_history rename to facet_history',
  'create index facet_history_ended on facet_history (valid_to) where valid_to > 0',
  'create index facet_history_by_body on facet_history (blob_no)',
  'create index facet_current_by_body on facet_current (blob_no)',
  'create index facet_current_by_good_body on facet_current (good_blob_no) where good_blob_no > 0',
  'create index facet_gap_by_time on facet_gap (received_at)',
]

export const numberedBodies: Migration = {
  kind: 'rebuild',
  number: 8,
  name: 'numbered bodies',
  statements,
}
