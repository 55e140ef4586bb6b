// Copies every row from one database to another one, and holds both against each other.
import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { GabionError } from '../../../runtime/errors.ts'
import { dialectOf } from './dialect.ts'
import { countedKeys, type DataTable, tableKeys } from './table-keys.ts'
import type { Tables } from './tables.ts'

type Row = Readonly<Record<string, unknown>>

export interface CopiedTable {
  readonly table: string
  readonly rows: number
}

const rowsAtOnce = 500
/** A body has up to 8 MiB. */
const bodiesAtOnce = 20

/**
 * @param source in a transaction that sees one state of everything
 * @param target with the same schema and without rows, in a transaction that the caller ends
 * @throws GabionError with code `store` when the target has rows, or not the same rows afterwards
 */
export async function copyTables(
  source: Kysely<Tables>,
  target: Kysely<Tables>,
  progress: (copied: CopiedTable) => void,
): Promise<readonly CopiedTable[]> {
  const tables = Object.keys(tableKeys) as DataTable[]
  for (const table of tables) await requireEmpty(target, table)
  const copied: CopiedTable[] = []
  for (const table of tables) {
    const hash = createHash('sha256')
    let rows = 0
    for await (const page of pagesOf(source, table)) {
      const values = sql.join(page.map(row => sql`(${sql.join(Object.values(row))})`))
      const columns = sql.join(Object.keys(page[0] ?? {}).map(name => sql.ref(name)))
      await sql`insert into ${sql.table(table)} (${columns}) values ${values}`.execute(target)
      for (const row of page) hash.update(textOf(row))
      rows += page.length
    }
    await countOn(target, table)
    if ((await digestOf(target, table)) !== hash.digest('hex')) {
      throw new GabionError('store', `${table}: the copy is not the same as its source`)
    }
    copied.push({ table, rows })
    progress({ table, rows })
  }
  return copied
}

async function requireEmpty(database: Kysely<Tables>, table: DataTable): Promise<void> {
  const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(database)
  if (rows.length > 0) throw new GabionError('store', `the database to copy to is not empty: ${table} has rows`)
}

/** Rows by their key, in pages. */
async function* pagesOf(database: Kysely<Tables>, table: DataTable): AsyncGenerator<readonly Row[]> {
  const names = tableKeys[table]
  const key = sql.join(names.map(name => sql.ref(name)))
  const limit = sql.lit(table === 'blob' ? bodiesAtOnce : rowsAtOnce)
  let after = sql``
  for (;;) {
    const query = sql<Row>`select * from ${sql.table(table)} ${after} order by ${key} limit ${limit}`
    const { rows } = await query.execute(database)
    const last = rows.at(-1)
    if (!last) return
    yield rows
    after = sql`where (${key}) > (${sql.join(names.map(name => last[name]))})`
  }
}

async function digestOf(database: Kysely<Tables>, table: DataTable): Promise<string> {
  const hash = createHash('sha256')
  for await (const page of pagesOf(database, table)) for (const row of page) hash.update(textOf(row))
  return hash.digest('hex')
}

/** The same text for the same row, whatever the order of columns. */
function textOf(row: Row): string {
  const entries = Object.entries(row).map(([name, value]) => [name, value instanceof Uint8Array ? hexOf(value) : value])
  return JSON.stringify(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** PostgreSQL goes on counting where it was, whatever keys were put. */
async function countOn(database: Kysely<Tables>, table: DataTable): Promise<void> {
  const key = countedKeys.get(table)
  if (key === undefined || dialectOf(database) !== 'postgres') return
  await sql`select setval(pg_get_serial_sequence(${table}, ${key}),
    (select coalesce(max(${sql.ref(key)}), 0) + 1 from ${sql.table(table)}), false)`.execute(database)
}
