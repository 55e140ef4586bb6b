// Enrollment tokens, enrollments, credentials, and how a host stands.
import type { Migration } from '../migration.ts'

const statements = [
  "alter table host add column granted_labels text not null default '{}'",
  "alter table host add column standing text not null default 'active'",
  "alter table host add column standing_reason text not null default ''",
  'alter table host add column standing_since integer not null default 0',
  "create index host_by_standing on host (standing) where standing <> 'active'",

  `create table enrollment_token (
    id text primary key,
    description text not null,
    secret_hash text not null,
    created_at integer not null,
    expires_at integer not null,
    max_uses integer not null,
    uses integer not null,
    labels text not null,
    needs_approval integer not null,
    revoked_at integer not null
  ) strict`,

  `create table enrollment (
    request_id text primary key,
    token_id text not null references enrollment_token,
    state text not null,
    host_id text not null,
    hostname text not null,
    machine_id text not null,
    request_hash text not null,
    address text not null,
    requested_at integer not null,
    decided_at integer not null
  ) strict`,
  'create index enrollment_by_token on enrollment (token_id, requested_at)',
  'create index enrollment_by_time on enrollment (requested_at)',

  `create table credential (
    serial_number text primary key,
    host_id text not null,
    issued_at integer not null,
    expires_at integer not null,
    revoked_at integer not null
  ) strict`,
  'create index credential_by_host on credential (host_id)',
]

export const identities: Migration = {
  kind: 'rebuild',
  number: 3,
  name: 'identities',
  statements,
}
