// Brings a database to the program's schema, one numbered migration per transaction.
import type { Kysely } from 'kysely'
import { GabionError } from '../../../runtime/errors.ts'
import { runDdl } from './ddl.ts'
import { type Migration, worksWith } from './migration.ts'
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
import { missingOf, type OtherCollector, planMigrations, waitingText } from './plan-migrations.ts'
import { readSchema, requireKnown, type Schema } from './schema.ts'
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

/** Newest schema that a program with these migrations knows. */
export const newestOf = (list: readonly Migration[]): number => list.at(-1)?.number ?? 0

/** Newest schema that this program knows. */
export const newestSchema = newestOf(migrations)

const table =
  'create table if not exists migration (number integer primary key, name text not null, applied_at integer not null) strict'

export interface MigrateOptions {
  readonly nowMs: number
  readonly list?: readonly Migration[]
  /** refuses a database in which something is missing that the program needs, instead of changing it */
  readonly asItIs?: boolean
  /** one line for people while tables change */
  readonly progress?: (text: string) => void | Promise<void>
  /** who else works with the database now */
  readonly others?: readonly OtherCollector[]
  /** numbers of migrations that are left out */
  readonly leave?: ReadonlySet<number>
  /** what a transaction does first beside others that go on */
  readonly begin?: (transaction: Kysely<Tables>) => Promise<unknown>
  /** does the work, which is one transaction, again when it has to; a contract may be left undone */
  readonly carefully?: (migration: Migration, work: () => Promise<void>) => Promise<void>
}

/** How whoever opens a store wants its tables brought up to date. */
export type OpenOptions = Pick<MigrateOptions, 'asItIs' | 'progress' | 'list'>

/**
 * Applies what is missing and does not have to wait for others; nobody else may do so meanwhile.
 * @param database over one connection, so that its transactions are SQLite's
 * @returns the number of the schema now
 * @throws GabionError with code `store` when the database was written by a newer program with which this one does not
 * work, or is to change while others use it who would not, or is one of an older program and is to stay as it is
 */
export async function migrate(database: Kysely<Tables>, options: MigrateOptions): Promise<number> {
  const { list = migrations, asItIs = false, others = [], leave, progress = () => undefined } = options
  const { carefully = (_, work) => work() } = options
  const newest = newestOf(list)
  const schema = await readSchema(database)
  requireKnown(schema, newest)
  if (asItIs) {
    requireAll(list, schema)
    return schema.number
  }
  const wanted = leave ? list.filter(({ number }) => !leave.has(number)) : list
  const { now, later } = planMigrations(wanted, schema, others)
  if (now.length > 0) await runDdl(database, [table])
  for (const migration of now) {
    if (schema.number > 0) await progress(`migration ${migration.number} of ${newest}: ${migration.name}`)
    await carefully(migration, () => apply(database, migration, options))
  }
  for (const migration of later) await progress(waitingText(migration))
  return (await readSchema(database)).number
}

async function apply(database: Kysely<Tables>, migration: Migration, options: MigrateOptions): Promise<void> {
  const { number, name, statements } = migration
  const { nowMs: applied_at, progress = () => undefined } = options
  await database.transaction().execute(async transaction => {
    if (migration.kind !== 'rebuild') await options.begin?.(transaction)
    await runDdl(transaction, statements)
    const tell = async (text: string) => progress(`migration ${number}: ${text}`)
    if (migration.kind !== 'expand') await migration.move?.(transaction, tell)
    const row = { number, name, applied_at }
    const says = number >= oneAfterAnother.number ? { works_with: worksWith(migration) } : {}
    await transaction
      .insertInto('migration')
      .values({ ...row, ...says })
      .execute()
  })
}

/** A program works before and after contracts that it knows. */
function requireAll(list: readonly Migration[], schema: Schema): void {
  const missing = missingOf(list, schema).filter(({ kind }) => kind !== 'contract')
  if (missing.length === 0) return
  throw new GabionError(
    'store',
    `the database has schema ${schema.number}, this program needs ${newestOf(missing)}: start the collector of this version first`,
  )
}
