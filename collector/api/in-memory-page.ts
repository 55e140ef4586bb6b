// Pages of lists that are small enough to be held whole: by id.
import { decodeCursor, encodeCursor } from '../store/cursor.ts'
import type { Page, PageRequest } from '../store/records.ts'

/** @throws CursorError for a cursor of another list */
export function inMemoryPage<T extends { readonly id: string }>(
  list: string,
  items: readonly T[],
  { limit, cursor }: PageRequest,
): Page<T> {
  const after = cursor === undefined ? '' : decodeCursor(list, cursor, ['string'])[0]
  const rest = items.filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1))
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  return last && rest.length > limit ? { items: page, nextCursor: encodeCursor(list, [last.id]) } : { items: page }
}
