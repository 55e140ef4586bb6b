// Everything that a SQLite database holds, packed values unpacked, as one text.
import { inflateRawSync } from 'node:zlib'
import Database from 'better-sqlite3'

/** @param path of the file; its write-ahead log is read too */
export function databaseTexts(path: string): string {
  const database = new Database(path, { readonly: true })
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[]
    const rows = tables.flatMap(table => database.prepare(`select * from "${table}"`).raw().all() as unknown[][])
    return rows.map(row => row.map(textOf).join('\n')).join('\n')
  } finally {
    database.close()
  }
}

function textOf(value: unknown): string {
  if (!Buffer.isBuffer(value)) return String(value)
  try {
    return inflateRawSync(value).toString('utf8')
  } catch {
    return value.toString('latin1')
  }
}
