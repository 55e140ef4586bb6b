// Opaque page cursors: the key of the last row shown, bound to the list it came from.

/** Thrown for a cursor that was not made by this list. */
export class CursorError extends Error {
  constructor() {
    super('not a cursor of this list')
    this.name = 'CursorError'
  }
}

export type CursorKey = readonly (string | number)[]

/** @param list name of the list and its order, such as `drift` */
export function encodeCursor(list: string, key: CursorKey): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url')
}

/**
 * The key inside a cursor.
 * @param shape expected types of the key's parts
 * @throws CursorError
 */
export function decodeCursor<const S extends readonly ('string' | 'number')[]>(
  list: string,
  cursor: string,
  shape: S,
): { -readonly [I in keyof S]: S[I] extends 'string' ? string : number } {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw new CursorError()
  }
  if (!Array.isArray(value) || value.length !== shape.length + 1 || value[0] !== list) throw new CursorError()
  const key = value.slice(1)
  const fits = shape.every((type, index) => typeof key[index] === type && isKey(key[index]))
  if (!fits) throw new CursorError()
  return key as { -readonly [I in keyof S]: S[I] extends 'string' ? string : number }
}

/** What a database takes: PostgreSQL no NUL. */
function isKey(value: unknown): boolean {
  return typeof value === 'string' ? !value.includes('\0') : Number.isSafeInteger(value)
}
