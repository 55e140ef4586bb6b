// Reading how one check stood on one host over time: what holds now, and before it what ended, newest first.
import type { Kysely } from 'kysely'
import { isoTime } from '../../../runtime/clock.ts'
import { decodeCursor } from '../cursor.ts'
import type { Page, PageRequest, ResultHistoryRecord } from '../records.ts'
import { parseDetail } from '../result-detail.ts'
import { stateOfCode } from './codes.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

const list = 'result-history'
/** Stands for the result that holds: it is newer than whatever ended. */
const current = Number.MAX_SAFE_INTEGER

export async function readResultHistory(
  database: Kysely<Tables>,
  hostId: string,
  check: string,
  { limit, cursor }: PageRequest,
): Promise<Page<ResultHistoryRecord>> {
  const [before] = cursor === undefined ? [undefined] : decodeCursor(list, cursor, ['number'])
  const now = before === undefined ? await readCurrent(database, hostId, check) : []
  const ended = await database
    .selectFrom('result_history')
    .innerJoin('host', 'host.host_no', 'result_history.host_no')
    .innerJoin('check_known', 'check_known.check_no', 'result_history.check_no')
    .innerJoin('result_detail', 'result_detail.detail_no', 'result_history.detail_no')
    .select(['result_history.id', 'state', 'detail', 'since', 'until'])
    .where('host.id', '=', hostId)
    .where('check_known.id', '=', check)
    .where('result_history.id', '<', before ?? current)
    .orderBy('result_history.id', 'desc')
    .limit(limit + 1)
    .execute()
  return pageOf(
    [...now, ...ended],
    limit,
    list,
    last => [last.id],
    row => ({
      state: stateOfCode(row.state),
      ...parseDetail(row.detail),
      from: isoTime(row.since),
      to: row.until === 0 ? '' : isoTime(row.until),
    }),
  )
}

async function readCurrent(database: Kysely<Tables>, hostId: string, check: string) {
  const rows = await database
    .selectFrom('result_current')
    .innerJoin('host', 'host.host_no', 'result_current.host_no')
    .innerJoin('check_known', 'check_known.check_no', 'result_current.check_no')
    .innerJoin('result_detail', 'result_detail.detail_no', 'result_current.detail_no')
    .select(['result_current.state', 'detail', 'since'])
    .where('host.id', '=', hostId)
    .where('check_known.id', '=', check)
    .execute()
  return rows.map(row => ({ ...row, id: current, until: 0 }))
}
