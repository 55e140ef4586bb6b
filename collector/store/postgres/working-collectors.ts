// Who works with a database that several collectors share: tables do not change under those that would not go on.
import type { Kysely } from 'kysely'
import { silentMs } from '../replicas.ts'
import { replicas } from '../sql/migrations/0010-replicas.ts'
import { oneAfterAnother } from '../sql/migrations/0020-one-after-another.ts'
import type { OtherCollector } from '../sql/plan-migrations.ts'
import { readSchema } from '../sql/schema.ts'
import type { Tables } from '../sql/tables.ts'

export async function workingCollectors(database: Kysely<Tables>, nowMs: number): Promise<readonly OtherCollector[]> {
  const { number, applied } = await readSchema(database)
  if (!applied.has(replicas.number)) return []
  const query = database
    .selectFrom('replica')
    .where('seen_at', '>', nowMs - silentMs)
    .orderBy('id')
  if (applied.has(oneAfterAnother.number)) return query.select(['id', 'schema_number as schema']).execute()
  // Whoever does not say it yet knows the schema that there is, and none after it.
  const rows = await query.select('id').execute()
  return rows.map(({ id }) => ({ id, schema: number }))
}
