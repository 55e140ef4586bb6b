// What receivers are to be told: how far each has read the drift, groups that wait, messages that are under way, and alerts.
import type { Migration } from '../migration.ts'

const statements = [
  `create table notification_receiver (
    name text primary key,
    owner text not null,
    beat integer not null,
    last_drift integer not null,
    untold integer not null,
    dropped integer not null,
    last_success integer not null,
    last_error_at integer not null,
    last_error text not null,
    updated_at integer not null
  ) strict, without rowid`,
  `create table notification_group (
    receiver text not null,
    group_key text not null,
    due_at integer not null,
    told_at integer not null,
    body text not null,
    primary key (receiver, group_key)
  ) strict, without rowid`,
  `create table notification (
    id integer primary key,
    receiver text not null,
    message_id text not null,
    changes integer not null,
    attempts integer not null,
    next_at integer not null,
    created_at integer not null,
    body text not null
  ) strict`,
  'create index notification_by_receiver on notification (receiver, id)',
  `create table notification_alert (
    receiver text not null,
    alert_key text not null,
    host_no integer not null,
    kind text not null,
    subject text not null,
    body text not null,
    primary key (receiver, alert_key)
  ) strict, without rowid`,
]

export const notifications: Migration = {
  kind: 'rebuild',
  number: 11,
  name: 'notifications',
  statements,
}
