// Reading drift for those who are told of it: oldest first, with labels of the host and severity of the check.
import type { Kysely } from 'kysely'
import type { ChangeToTell } from '../notifications.ts'
import { severityOfCode } from './codes.ts'
import { toDriftRecord } from './read-drift.ts'
import type { Tables } from './tables.ts'

export async function readChangesToTell(
  database: Kysely<Tables>,
  after: number,
  limit: number,
): Promise<readonly ChangeToTell[]> {
  const rows = await database
    .selectFrom('drift')
    .innerJoin('host', 'host.host_no', 'drift.host_no')
    .leftJoin('check_known', join => join.onRef('check_known.id', '=', 'drift.subject').on('drift.kind', '=', 'result'))
    .leftJoin('result_current', join =>
      join
        .onRef('result_current.host_no', '=', 'drift.host_no')
        .onRef('result_current.check_no', '=', 'check_known.check_no'),
    )
    .selectAll('drift')
    .select(['host.id as host_id', 'host.hostname', 'host.labels'])
    .select(['check_known.severity', 'check_known.title', 'result_current.waiver'])
    .where('drift.id', '>', after)
    .orderBy('drift.id')
    .limit(limit)
    .execute()
  return rows.map(row => ({
    ...toDriftRecord(row),
    host: row.host_no,
    labels: JSON.parse(row.labels) as Readonly<Record<string, string>>,
    ...(row.severity === null ? {} : { severity: severityOfCode(row.severity) }),
    title: row.title ?? '',
    isWaived: (row.waiver ?? '') !== '',
  }))
}
