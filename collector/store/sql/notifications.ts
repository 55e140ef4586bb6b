// Receivers and what they are to be told.
import { type Kysely, type Selectable, sql } from 'kysely'
import type { NotificationReader, NotificationTransaction, ReceiverState, StoredAlert } from '../notifications.ts'
import type { DriftRecord } from '../records.ts'
import { stateCode } from './codes.ts'
import { readChangesToTell } from './read-changes-to-tell.ts'
import type { Tables } from './tables.ts'

export function notificationReads(database: Kysely<Tables>): NotificationReader {
  const alertsOf = (receiver: string, limit: number) =>
    database
      .selectFrom('notification_alert')
      .selectAll('notification_alert')
      .where('receiver', '=', receiver)
      .orderBy('alert_key')
      .limit(limit)
  return {
    changesToTell: (after, limit) => readChangesToTell(database, after, limit),
    receivers: () => readReceivers(database),
    receiver: async name => {
      const row = await database
        .selectFrom('notification_receiver')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst()
      return row && toReceiver(row)
    },
    notificationGroups: async receiver => {
      const rows = await database
        .selectFrom('notification_group')
        .selectAll()
        .where('receiver', '=', receiver)
        .orderBy('group_key')
        .execute()
      return rows.map(row => ({ key: row.group_key, dueAtMs: row.due_at, toldAtMs: row.told_at, body: row.body }))
    },
    nextNotification: async receiver => {
      const row = await database
        .selectFrom('notification')
        .selectAll()
        .where('receiver', '=', receiver)
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      return (
        row && {
          ...{ id: row.id, messageId: row.message_id, changes: row.changes, attempts: row.attempts, body: row.body },
          ...{ nextAtMs: row.next_at, createdAtMs: row.created_at },
        }
      )
    },
    alerts: async (receiver, limit) => (await alertsOf(receiver, limit).execute()).map(toAlert),
    endedAlerts: async (receiver, limit) => {
      const rows = await alertsOf(receiver, limit)
        .where(({ not, or }) => not(or([resultHolds, facetHolds, deviationHolds])))
        .execute()
      return rows.map(toAlert)
    },
  }
}

const resultHolds = sql<boolean>`(notification_alert.kind = 'result' and exists (
  select 1 from host
    join check_known on check_known.id = notification_alert.subject and check_known.in_force = 1
    join result_current on result_current.host_no = host.host_no and result_current.check_no = check_known.check_no
  where host.host_no = notification_alert.host_no and host.standing <> 'retired' and result_current.waiver = ''
    and result_current.state in (${sql.lit(stateCode('fail'))}, ${sql.lit(stateCode('error'))})))`

const deviationHolds = sql<boolean>`(notification_alert.kind = 'deviation' and exists (
  select 1 from host join cohort_deviation on cohort_deviation.host_no = host.host_no
    and cohort_deviation.facet = notification_alert.subject
  where host.host_no = notification_alert.host_no and host.standing <> 'retired'))`

const facetHolds = sql<boolean>`(notification_alert.kind = 'facet' and exists (
  select 1 from host
    join facet_current on facet_current.host_no = host.host_no and facet_current.facet = notification_alert.subject
    join blob on blob.blob_no = facet_current.blob_no
  where host.host_no = notification_alert.host_no and host.standing <> 'retired'
    and blob.state in ('unreadable', 'error')))`

async function readReceivers(database: Kysely<Tables>) {
  const rows = await database
    .selectFrom('notification_receiver')
    .selectAll()
    .select(({ selectFrom }) => [
      selectFrom('notification')
        .whereRef('notification.receiver', '=', 'notification_receiver.name')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .as('messages'),
      selectFrom('notification_alert')
        .whereRef('notification_alert.receiver', '=', 'notification_receiver.name')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .as('alerts'),
    ])
    .orderBy('name')
    .execute()
  return rows.map(row => ({ ...toReceiver(row), messages: row.messages ?? 0, alerts: row.alerts ?? 0 }))
}

function toReceiver(row: Selectable<Tables['notification_receiver']>): ReceiverState {
  return {
    ...{ name: row.name, owner: row.owner, beat: row.beat, lastDrift: row.last_drift },
    ...{ untold: row.untold, dropped: row.dropped, lastSuccessMs: row.last_success },
    ...{ lastErrorMs: row.last_error_at, lastError: row.last_error },
  }
}

function toAlert(row: Selectable<Tables['notification_alert']>): StoredAlert {
  const { alert_key: key, host_no: host, kind, subject, body } = row
  return { key, host, kind: kind as DriftRecord['kind'], subject, body }
}

const columns = {
  ...{ owner: 'owner', lastDrift: 'last_drift', untold: 'untold', dropped: 'dropped' },
  ...{ lastSuccessMs: 'last_success', lastErrorMs: 'last_error_at', lastError: 'last_error' },
} as const satisfies Readonly<Record<Exclude<keyof ReceiverState, 'name' | 'beat'>, string>>

type ReceiverWrites = 'takeReceiver' | 'keepReceiver' | 'setReceiver' | 'addDropped' | 'forgetReceivers'

function receiverWrites(database: Kysely<Tables>): Pick<NotificationTransaction, ReceiverWrites> {
  return {
    takeReceiver: (name, owner, seen, atMs) => takeReceiver(database, name, owner, seen, atMs),
    keepReceiver: async (name, owner, atMs) => {
      const { numUpdatedRows } = await database
        .updateTable('notification_receiver')
        .set(({ eb }) => ({ beat: eb('beat', '+', 1), updated_at: atMs }))
        .where('name', '=', name)
        .where('owner', '=', owner)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    setReceiver: async (name, change) => {
      const named = Object.entries(change).map(([key, value]) => [columns[key as keyof typeof columns], value])
      const row = Object.fromEntries(named) as Partial<Selectable<Tables['notification_receiver']>>
      await database.updateTable('notification_receiver').set(row).where('name', '=', name).execute()
    },
    addDropped: async (name, changes) => {
      if (changes === 0) return
      await database
        .updateTable('notification_receiver')
        .set(({ eb }) => ({ untold: eb('untold', '+', changes), dropped: eb('dropped', '+', changes) }))
        .where('name', '=', name)
        .execute()
    },
    forgetReceivers: async (beforeMs, kept) => {
      const all = database.selectFrom('notification_receiver').select('name').where('updated_at', '<', beforeMs)
      const old = (await all.execute()).map(({ name }) => name).filter(name => !kept.includes(name))
      if (old.length === 0) return
      for (const table of ['notification', 'notification_group', 'notification_alert'] as const) {
        await database.deleteFrom(table).where('receiver', 'in', old).execute()
      }
      await database.deleteFrom('notification_receiver').where('name', 'in', old).execute()
    },
  }
}

export function notificationWrites(database: Kysely<Tables>): NotificationTransaction {
  return {
    ...receiverWrites(database),
    putGroup: async (receiver, { key, dueAtMs, toldAtMs, body }) => {
      const row = { due_at: dueAtMs, told_at: toldAtMs, body }
      await database
        .insertInto('notification_group')
        .values({ receiver, group_key: key, ...row })
        .onConflict(conflict => conflict.columns(['receiver', 'group_key']).doUpdateSet(row))
        .execute()
    },
    deleteGroups: async (receiver, keys) => {
      if (keys.length === 0) return
      const query = database.deleteFrom('notification_group').where('receiver', '=', receiver)
      await query.where('group_key', 'in', [...keys]).execute()
    },
    addNotification: async (receiver, { messageId, changes, createdAtMs, body }) => {
      const row = { receiver, message_id: messageId, changes, attempts: 0, next_at: 0, created_at: createdAtMs, body }
      await database.insertInto('notification').values(row).execute()
    },
    postponeNotification: async (id, nextAtMs) => {
      const query = database.updateTable('notification').where('id', '=', id)
      await query.set(({ eb }) => ({ attempts: eb('attempts', '+', 1), next_at: nextAtMs })).execute()
    },
    deleteNotification: async id => void (await database.deleteFrom('notification').where('id', '=', id).execute()),
    dropOldest: (receiver, kept) => dropOldest(database, receiver, kept),
    putAlerts: async (receiver, alerts, limit) => {
      const held = database.selectFrom('notification_alert').where('receiver', '=', receiver)
      const { count } = await held.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
      const keys = alerts.map(({ key }) => key)
      const again = keys.length === 0 ? [] : await held.select('alert_key').where('alert_key', 'in', keys).execute()
      const known = new Set(again.map(row => row.alert_key))
      let room = limit - count
      const rows = alerts
        .filter(({ key }) => known.has(key) || room-- > 0)
        .map(({ key, host, kind, subject, body }) => ({
          ...{ receiver, alert_key: key, host_no: host, kind, subject, body },
        }))
      if (rows.length === 0) return
      await database
        .insertInto('notification_alert')
        .values(rows)
        .onConflict(conflict =>
          conflict.columns(['receiver', 'alert_key']).doUpdateSet(({ ref }) => ({ body: ref('excluded.body') })),
        )
        .execute()
    },
    deleteAlerts: async (receiver, keys) => {
      if (keys.length === 0) return
      const query = database.deleteFrom('notification_alert').where('receiver', '=', receiver)
      await query.where('alert_key', 'in', [...keys]).execute()
    },
  }
}

async function takeReceiver(
  database: Kysely<Tables>,
  name: string,
  owner: string,
  seen: Pick<ReceiverState, 'owner' | 'beat'> | undefined,
  atMs: number,
): Promise<boolean> {
  if (seen) {
    const { numUpdatedRows } = await database
      .updateTable('notification_receiver')
      .set({ owner, beat: seen.beat + 1, updated_at: atMs })
      .where('name', '=', name)
      .where('owner', '=', seen.owner)
      .where('beat', '=', seen.beat)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }
  const newest = database.selectFrom('drift').select(({ fn }) => fn.max<number | null>('id').as('id'))
  const { id } = (await newest.executeTakeFirst()) ?? {}
  const { numInsertedOrUpdatedRows = 0n } = await database
    .insertInto('notification_receiver')
    .values({
      ...{ name, owner, beat: 1, last_drift: id ?? 0, untold: 0, dropped: 0, last_success: 0 },
      ...{ last_error_at: 0, last_error: '', updated_at: atMs },
    })
    .onConflict(conflict => conflict.column('name').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows > 0n
}

async function dropOldest(database: Kysely<Tables>, receiver: string, kept: number): Promise<number> {
  const rows = await database
    .selectFrom('notification')
    .select(['id', 'changes'])
    .where('receiver', '=', receiver)
    .orderBy('id', 'desc')
    .limit(1_000)
    .offset(kept)
    .execute()
  if (rows.length === 0) return 0
  const ids = rows.map(({ id }) => id)
  await database.deleteFrom('notification').where('id', 'in', ids).execute()
  return rows.reduce((sum, { changes }) => sum + changes, 0)
}
