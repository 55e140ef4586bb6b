// Finds details that no result refers to, without an index for it: marks those that are used, a page of results at a time.
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Connection } from './connection.ts'

/** Rows between two turns of the event loop: a few milliseconds. */
const rowsAtOnce = 1_000
/** Numbers that one round gives. */
const foundAtOnce = 10_000

/** @param usedBefore day since the epoch: details that were put again later are left alone */
export async function unusedDetails({ database }: Connection, usedBefore: number): Promise<readonly number[]> {
  const newest = await database
    .selectFrom('result_detail')
    .select(({ fn }) => fn.max<number | null>('detail_no').as('number'))
    .executeTakeFirst()
  const used = new Uint8Array((newest?.number ?? 0) + 1)
  const mark = (rows: readonly { readonly detail_no: number }[]) => {
    for (const { detail_no } of rows) used[detail_no] = 1
  }
  for (let host = 0, check = 0; ; await setImmediate()) {
    const rows = await database
      .selectFrom('result_current')
      .select(['host_no', 'check_no', 'detail_no'])
      .where(sql<boolean>`(host_no, check_no) > (${host}, ${check})`)
      .orderBy('host_no')
      .orderBy('check_no')
      .limit(rowsAtOnce)
      .execute()
    mark(rows)
    const last = rows.at(-1)
    if (!last) break
    host = last.host_no
    check = last.check_no
  }
  for (let id = 0; ; await setImmediate()) {
    const query = database.selectFrom('result_history').select(['id', 'detail_no']).where('id', '>', id)
    const rows = await query.orderBy('id').limit(rowsAtOnce).execute()
    mark(rows)
    const last = rows.at(-1)
    if (!last) break
    id = last.id
  }
  const found: number[] = []
  for (let number = 0; found.length < foundAtOnce; await setImmediate()) {
    const query = database.selectFrom('result_detail').select(['detail_no', 'used_at']).where('detail_no', '>', number)
    const rows = await query.orderBy('detail_no').limit(rowsAtOnce).execute()
    for (const { detail_no, used_at } of rows) if (used[detail_no] === 0 && used_at < usedBefore) found.push(detail_no)
    const last = rows.at(-1)
    if (!last) break
    number = last.detail_no
  }
  return found
}
