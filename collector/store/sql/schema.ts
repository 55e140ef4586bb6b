// The schema that a database has: what was applied to it, and which programs work with it.
import type { Kysely } from 'kysely'
import { GabionError } from '../../../runtime/errors.ts'
import { oneAfterAnother } from './migrations/0020-one-after-another.ts'
import type { Tables } from './tables.ts'

export interface Schema {
  /** of the newest migration, 0 when there is none */
  readonly number: number
  readonly applied: ReadonlySet<number>
  /** oldest schema whose programs work with the tables as they are */
  readonly worksWith: number
}

export async function readSchema(database: Kysely<Tables>): Promise<Schema> {
  const tables = await database.introspection.getTables()
  if (!tables.some(({ name }) => name === 'migration')) return { number: 0, applied: new Set(), worksWith: 0 }
  const rows = await database.selectFrom('migration').select('number').execute()
  const applied = new Set(rows.map(row => row.number))
  const number = Math.max(0, ...applied)
  if (!applied.has(oneAfterAnother.number)) return { number, applied, worksWith: number }
  const said = await database.selectFrom('migration').select(['number', 'works_with']).execute()
  // Whoever did not say it stopped all others.
  const worksWith = Math.max(...said.map(row => (row.works_with === 0 ? row.number : row.works_with)))
  return { number, applied, worksWith }
}

/** @throws GabionError with code `store` when a program that knows schemas up to that number does not work with it */
export function requireKnown({ number, worksWith }: Schema, newest: number): void {
  if (number <= newest || worksWith <= newest) return
  throw new GabionError(
    'store',
    `the database has schema ${number}, this program knows up to ${newest}: it was written by a newer version`,
  )
}
