// API tokens, sessions of browsers, and the audit log, which only grows.
import type { Migration } from '../migration.ts'

const statements = [
  `create table api_token (
    id text primary key,
    description text not null,
    secret_hash text not null,
    role text not null,
    labels text not null,
    created_at integer not null,
    created_by text not null,
    expires_at integer not null,
    last_used_at integer not null,
    revoked_at integer not null
  ) strict`,
  'create index api_token_by_time on api_token (created_at, id)',

  `create table api_session (
    id_hash text primary key,
    token_id text not null references api_token,
    created_at integer not null,
    expires_at integer not null
  ) strict`,
  'create index api_session_by_token on api_session (token_id)',
  'create index api_session_by_end on api_session (expires_at)',

  `create table audit (
    id integer primary key autoincrement,
    at integer not null,
    actor text not null,
    address text not null,
    request_id text not null,
    action text not null,
    target text not null,
    outcome text not null,
    detail text not null
  ) strict`,
  'create index audit_by_actor on audit (actor, id)',
  'create index audit_by_target on audit (target, id)',
  {
    sqlite: `create trigger audit_never_changes before update on audit
      begin select raise(abort, 'the audit log is append-only'); end`,
    postgres: `create function audit_is_append_only() returns trigger language plpgsql as
      $$ begin raise exception 'the audit log is append-only'; end $$`,
  },
  {
    sqlite: `create trigger audit_never_shrinks before delete on audit
      begin select raise(abort, 'the audit log is append-only'); end`,
    postgres: `create trigger audit_never_changes before update or delete or truncate on audit
      for each statement execute function audit_is_append_only()`,
  },
]

export const access: Migration = {
  kind: 'rebuild',
  number: 7,
  name: 'access',
  statements,
}
