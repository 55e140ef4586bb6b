// Reading drift, newest first.
import type { Kysely, Selectable } from 'kysely'
import { isoTime } from '../../../runtime/clock.ts'
import type { Scope } from '../access-records.ts'
import { decodeCursor } from '../cursor.ts'
import type { DriftFilter, DriftRecord, Page, PageRequest } from '../records.ts'
import { dialectOf } from './dialect.ts'
import { inScope } from './in-scope.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

export async function readDrift(
  database: Kysely<Tables>,
  filter: DriftFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<DriftRecord>> {
  let query = driftOf(database, filter.scope)
  if (filter.hostId !== undefined) {
    query = query.where('drift.host_no', '=', ({ selectFrom }) =>
      selectFrom('host')
        .select('host_no')
        .where('id', '=', filter.hostId ?? ''),
    )
  }
  if (filter.subject !== undefined) query = query.where('drift.subject', '=', filter.subject)
  if (filter.kind !== undefined) query = query.where('drift.kind', '=', filter.kind)
  if (filter.sinceMs !== undefined) {
    const first = await firstReceivedSince(database, filter.sinceMs)
    query = query.where('drift.at', '>=', filter.sinceMs).where('drift.id', '>=', first)
    // Whole partitions are left out; SQLite would take the index over it instead of that over ids.
    if (dialectOf(database) === 'postgres') query = query.where('drift.received_at', '>=', filter.sinceMs)
  }
  if (cursor !== undefined) {
    const [id] = decodeCursor('drift', cursor, ['number'])
    query = query.where('drift.id', '<', id)
  }
  const rows = await query
    .orderBy('drift.id', 'desc')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, 'drift', last => [last.id], toDriftRecord)
}

/** Changes after that one, oldest first. */
export async function readDriftAfter(
  database: Kysely<Tables>,
  id: number,
  limit: number,
  scope: Scope | undefined,
): Promise<readonly DriftRecord[]> {
  const query = driftOf(database, scope).where('drift.id', '>', id).orderBy('drift.id').limit(limit)
  return (await query.execute()).map(toDriftRecord)
}

function driftOf(database: Kysely<Tables>, scope: Scope | undefined) {
  return database
    .selectFrom('drift')
    .innerJoin('host', 'host.host_no', 'drift.host_no')
    .selectAll('drift')
    .select(['host.id as host_id', 'host.hostname'])
    .where(({ and }) => and(inScope(database, scope)))
}

type DriftRow = Selectable<Tables['drift']> & Readonly<Record<'host_id' | 'hostname', string>>

export function toDriftRecord(row: DriftRow): DriftRecord {
  return {
    id: row.id,
    hostId: row.host_id,
    hostname: row.hostname,
    kind: row.kind as DriftRecord['kind'],
    subject: row.subject,
    change: row.change as DriftRecord['change'],
    field: row.field,
    text: row.text,
    ...(row.before === '' ? {} : { before: JSON.parse(row.before) as unknown }),
    ...(row.after === '' ? {} : { after: JSON.parse(row.after) as unknown }),
    ...(row.flapping === '' ? {} : { flapping: row.flapping as 'begins' | 'ends' }),
    at: isoTime(row.at),
    receivedAt: isoTime(row.received_at),
  }
}

/** Nothing happens after it is received and ids grow with the time of receipt: bounds the walk by id. */
async function firstReceivedSince(database: Kysely<Tables>, sinceMs: number): Promise<number> {
  const row = await database
    .selectFrom('drift')
    .select('id')
    .where('received_at', '>=', sinceMs)
    .orderBy('received_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? Number.MAX_SAFE_INTEGER
}
