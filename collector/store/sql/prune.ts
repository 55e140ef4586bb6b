// Takes rows away whose time is over, a bounded number at a time and the oldest first.
import { type RawBuilder, sql } from 'kysely'
import { dayMs, hourMs } from '../history-units.ts'
import type { PrunedKind, RetentionTransaction } from '../retention.ts'
import { type Connection, slot } from './connection.ts'

export function pruneWrites(connection: Connection): RetentionTransaction {
  const { database, dialect } = connection
  const pruneHistory = historyByKey(connection)
  return {
    prune: async (kind, beforeMs, limit) => {
      if (kind === 'history' && dialect === 'sqlite') return pruneHistory(beforeMs, limit)
      const { numAffectedRows = 0n } = await statements[kind](timeOf(beforeMs), sql.val(limit)).execute(database)
      return Number(numAffectedRows)
    },
    notePruned: async (kind, beforeMs) => {
      await sql`insert into pruned (kind, before_at) values (${kind}, ${beforeMs})
        on conflict (kind) do update set before_at = excluded.before_at
          where excluded.before_at > pruned.before_at`.execute(database)
    },
    pruneBodies: async (after, upTo) => {
      const { numAffectedRows = 0n } = await sql`delete from blob where blob_no > ${after} and blob_no <= ${upTo}
        and not exists (select 1 from facet_history as past where past.blob_no = blob.blob_no)
        and not exists (select 1 from facet_current as held where held.blob_no = blob.blob_no)
        and not exists (select 1 from cohort_pin as pin where pin.blob_no = blob.blob_no)
        and not exists (select 1 from facet_current as good where good.good_blob_no = blob.blob_no
          and good.good_blob_no > 0)`.execute(database)
      return Number(numAffectedRows)
    },
    pruneDetails: async (numbers, usedBefore) => {
      if (numbers.length === 0) return 0
      const query = database.deleteFrom('result_detail').where('detail_no', 'in', [...numbers])
      return Number((await query.where('used_at', '<', usedBefore).executeTakeFirst()).numDeletedRows)
    },
  }
}

/** PostgreSQL would take it for a number of what it is divided by, which is too small. */
const timeOf = (atMs: number) => sql`cast(${atMs} as bigint)`

type Prune = (before: RawBuilder<unknown>, limit: RawBuilder<unknown>) => RawBuilder<unknown>

const statements: Readonly<Record<PrunedKind, Prune>> = {
  history: (before, limit) => sql`delete from facet_history where (host_no, facet, revision) in (
    select host_no, facet, revision from facet_history
    where valid_to > 0 and valid_to < ${before} order by valid_to limit ${limit})`,
  drift: (before, limit) => sql`delete from drift where id in (
    select id from drift where received_at < ${before} order by received_at, id limit ${limit})`,
  endedResults: (before, limit) => sql`delete from result_history where id in (
    select id from result_history where until < ${before} order by until limit ${limit})`,
  gaps: (before, limit) => sql`delete from facet_gap where id in (
    select id from facet_gap where received_at < ${before} order by received_at limit ${limit})`,
  retiredObservations: (before, limit) => sql`delete from observation where (host_no, facet) in (
    select host_no, facet from observation where host_no in (
      select host_no from host where standing <> 'active' and standing = 'retired' and standing_since < ${before})
    limit ${limit})`,
  enrollments: (before, limit) => sql`delete from enrollment where request_id in (
    select request_id from enrollment where requested_at < ${before} order by requested_at limit ${limit})`,
  enrollmentTokens: (before, limit) => sql`delete from enrollment_token where id in (
    select id from enrollment_token as token
    where (expires_at < ${before} or (revoked_at > 0 and revoked_at < ${before}))
      and not exists (select 1 from enrollment where enrollment.token_id = token.id) limit ${limit})`,
  postures: (before, limit) => sql`delete from posture_hour where hour in (
    select hour from posture_hour where hour < ${before} / ${sql.lit(hourMs)} order by hour limit ${limit})`,
  turns: (before, limit) => sql`delete from turn_hour where (hour, severity) in (
    select hour, severity from turn_hour where hour < ${before} / ${sql.lit(hourMs)} order by hour limit ${limit})`,
  checkDays: (before, limit) => sql`delete from check_day where (day, check_no) in (
    select day, check_no from check_day where day < ${before} / ${sql.lit(dayMs)} order by day limit ${limit})`,
  fixes: (before, limit) => sql`delete from fix_day where (day, check_no, severity, bucket) in (
    select day, check_no, severity, bucket from fix_day
    where day < ${before} / ${sql.lit(dayMs)} order by day limit ${limit})`,
  driftItems: (before, limit) => sql`delete from drift_item where (host_no, item) in (
    select host_no, item from drift_item where last_at < ${before} and began_at = 0 order by last_at limit ${limit})`,
  credentials: (before, limit) => sql`delete from credential where serial_number in (
    select serial_number from credential where expires_at < ${before} limit ${limit})`,
}

/**
 * SQLite looks for a list of keys of several columns by the lists of each column: every host with every facet. So each row
 * is taken away by its own key.
 */
function historyByKey(connection: Connection): (beforeMs: number, limit: number) => Promise<number> {
  const { database } = connection
  const ended = connection.prepare(
    database
      .selectFrom('facet_history')
      .select(['host_no', 'facet', 'revision'])
      .where('valid_to', '>', sql.lit(0))
      .where('valid_to', '<', slot<number>('before'))
      .orderBy('valid_to')
      .limit(slot<number>('limit')),
  )
  const remove = connection.prepare(
    database
      .deleteFrom('facet_history')
      .where('host_no', '=', slot<number>('host_no'))
      .where('facet', '=', slot<string>('facet'))
      .where('revision', '=', slot<number>('revision')),
  )
  return async (before, limit) => {
    const rows = await ended.all({ before, limit })
    for (const row of rows) remove.send(row)
    return rows.length
  }
}

export async function newestBody({ database }: Connection): Promise<number> {
  const query = database.selectFrom('blob').select(({ fn }) => fn.max<number | null>('blob_no').as('newest'))
  return (await query.executeTakeFirst())?.newest ?? 0
}
