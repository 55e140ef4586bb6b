// A page of what a list was asked for, and where the next one begins.
import { type CursorKey, encodeCursor } from '../cursor.ts'
import type { Page } from '../records.ts'

/** @param rows one more than fits when there are more; @param list name of the list and its order, as in its cursors */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  list: string,
  keyOf: (last: Row) => CursorKey,
  toRecord: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit && last !== undefined
  return { items: shown.map(toRecord), ...(hasMore && { nextCursor: encodeCursor(list, keyOf(last)) }) }
}
