// Brings a database to the program's schema, one numbered migration per transaction.
import type { Kysely } from 'kysely'
import { GabionError } from '../../../runtime/errors.ts'
import { runDdl } from './ddl.ts'
import type { Migration } from './migration.ts'
import { initial } from './migrations/0001-initial.ts'
import { packedBodies } from './migrations/0002-packed-bodies.ts'
import { identities } from './migrations/0003-identities.ts'
import { gaps } from './migrations/0004-gaps.ts'
import { agentHealth } from './migrations/0005-agent-health.ts'
import { judging } from './migrations/0006-judging.ts'
import { access } from './migrations/0007-access.ts'
import { numberedBodies } from './migrations/0008-numbered-bodies.ts'
import { sharedDetails } from './migrations/0009-shared-details.ts'
import { replicas } from './migrations/0010-replicas.ts'
import { notifications } from './migrations/0011-notifications.ts'
import { agentLabels } from './migrations/0012-agent-labels.ts'
import { cohorts } from './migrations/0013-cohorts.ts'
import { history } from './migrations/0014-history.ts'
import { authority } from './migrations/0015-authority.ts'
import { waivedResults } from './migrations/0016-waived-results.ts'
import { fewerBytes } from './migrations/0017-fewer-bytes.ts'
import { timePartitions } from './migrations/0018-time-partitions.ts'
import { unreadFacets } from './migrations/0019-unread-facets.ts'
import { oneAfterAnother } from './migrations/0020-one-after-another.ts'
import { onePolicy } from './migrations/0021-one-policy.ts'
import type { Tables } from './tables.ts'

export const migrations: readonly Migration[] = [
  initial,
  packedBodies,
  identities,
  gaps,
  agentHealth,
  judging,
  access,
  numberedBodies,
  sharedDetails,
  replicas,
  notifications,
  agentLabels,
  cohorts,
  history,
  authority,
  waivedResults,
  fewerBytes,
  timePartitions,
  unreadFacets,
  oneAfterAnother,
  onePolicy,
]

/** Number of the schema that this program makes. */
export const newestSchema = migrations.at(-1)?.number ?? 0

const table =
  'create table if not exists migration (number integer primary key, name text not null, applied_at integer not null) strict'

export interface MigrateOptions {
  readonly nowMs: number
  readonly list?: readonly Migration[]
  /** refuses a database in which something is missing, instead of changing it */
  readonly asItIs?: boolean
  /** one line for people while tables change */
  readonly progress?: (text: string) => void | Promise<void>
}

/** How whoever opens a store wants its tables brought up to date. */
export type OpenOptions = Pick<MigrateOptions, 'asItIs' | 'progress'>

/**
 * Applies what is missing; nobody else may do so meanwhile.
 * @param database over one connection, so that its transactions are SQLite's
 * @returns the number of the schema now
 * @throws GabionError with code `store` when the database was written by a newer program, or by an older one and is to stay
 * as it is
 */
export async function migrate(database: Kysely<Tables>, options: MigrateOptions): Promise<number> {
  const { nowMs, list = migrations, asItIs = false, progress = () => undefined } = options
  const applied = await appliedNumbers(database)
  const newest = list.at(-1)?.number ?? 0
  const newer = Math.max(0, ...applied)
  if (newer > newest) {
    throw new GabionError(
      'store',
      `the database has schema ${newer}, this program knows up to ${newest}: it was written by a newer version`,
    )
  }
  const missing = list.filter(({ number }) => !applied.has(number))
  if (missing.length === 0) return newest
  if (asItIs) {
    throw new GabionError(
      'store',
      `the database has schema ${newer}, this program needs ${newest}: start the collector of this version first`,
    )
  }
  await runDdl(database, [table])
  for (const { number, name, statements, move } of missing) {
    if (applied.size > 0) await progress(`migration ${number} of ${newest}: ${name}`)
    await database.transaction().execute(async transaction => {
      await runDdl(transaction, statements)
      await move?.(transaction, async text => progress(`migration ${number}: ${text}`))
      await transaction.insertInto('migration').values({ number, name, applied_at: nowMs }).execute()
    })
  }
  return newest
}

/** Number of the newest migration in a database, 0 when there is none. */
export async function schemaNumber(database: Kysely<Tables>): Promise<number> {
  return Math.max(0, ...(await appliedNumbers(database)))
}

async function appliedNumbers(database: Kysely<Tables>): Promise<ReadonlySet<number>> {
  const tables = await database.introspection.getTables()
  if (!tables.some(({ name }) => name === 'migration')) return new Set()
  const rows = await database.selectFrom('migration').select('number').execute()
  return new Set(rows.map(row => row.number))
}
