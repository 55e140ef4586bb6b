// Tables are not changed under collectors of the version before: what those go on writing would not fit.
import type { Kysely } from 'kysely'
import { GabionError } from '../../../runtime/errors.ts'
import { type MigrateOptions, migrations, schemaNumber } from '../sql/migrate.ts'
import { replicas } from '../sql/migrations/0010-replicas.ts'
import type { Tables } from '../sql/tables.ts'

/** As long as a collector that was killed counts among those that work. */
const silentMs = 90_000

/** @throws GabionError with code `store` when the schema is to change while another collector uses the database */
export async function refuseOthers(database: Kysely<Tables>, options: MigrateOptions): Promise<void> {
  const { nowMs, list = migrations } = options
  const schema = await schemaNumber(database)
  if (schema < replicas.number || schema >= (list.at(-1)?.number ?? 0)) return
  const query = database.selectFrom('replica').select(({ fn }) => fn.countAll().as('count'))
  const row = await query.where('seen_at', '>', nowMs - silentMs).executeTakeFirstOrThrow()
  const others = Number(row.count)
  if (others === 0) return
  const who = others === 1 ? 'another collector works' : `${others} other collectors work`
  const remedy = 'stop every collector, then start this version; one that was killed counts for 90 seconds'
  throw new GabionError('store', `the database has schema ${schema} and ${who} with it: ${remedy}`)
}
