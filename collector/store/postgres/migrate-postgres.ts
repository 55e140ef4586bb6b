// Migrations of PostgreSQL: one collector at a time changes the tables, the others wait.
import type { Kysely } from 'kysely'
import type { Clock } from '../../../runtime/clock.ts'
import { GabionError } from '../../../runtime/errors.ts'
import { holdAll } from '../sql/alone.ts'
import { type MigrateOptions, migrate, migrations, newestOf } from '../sql/migrate.ts'
import type { Migration } from '../sql/migration.ts'
import { missingOf, planMigrations } from '../sql/plan-migrations.ts'
import { replicaWrites } from '../sql/replicas.ts'
import { readSchema, requireKnown } from '../sql/schema.ts'
import type { Tables } from '../sql/tables.ts'
import { sqlStateOf } from './line.ts'
import { lockUntilEnd, tryLock } from './locks.ts'
import { type Client, type PostgresOptions, patiently } from './open-client.ts'
import { databaseOn } from './postgres-connection.ts'
import { workingCollectors } from './working-collectors.ts'

export interface PostgresMigration extends Omit<MigrateOptions, 'nowMs' | 'others' | 'begin' | 'carefully'> {
  readonly clock: Clock
  /**
   * id of a collector that works with the database from now on: nobody changes tables between its look at them and the
   * word that it is there
   */
  readonly replica?: string
}

/**
 * Whoever waits for a table holds up all who come after it. It gives up before the server would look for transactions that
 * wait for each other (`deadlock_timeout`, one second), since that ends any of them.
 */
const lockMs = 500
const pauseMs = 1_000
/** Some minutes, since a copy may read a table for as long. What may wait for the next time is left for that. */
const attempts = { expand: 300, contract: 3 }

/**
 * @throws StoreUnavailable; GabionError with code `store` when the database was written by a newer program with which this
 * one does not work, or is to change while another collector uses it that would not go on
 */
export function migratePostgres(server: PostgresOptions, options: PostgresMigration): Promise<number> {
  const { clock, list = migrations, replica: id, ...wishes } = options
  return patiently(server, async client => {
    await client.query(lockUntilEnd('migration'))
    const database = databaseOn(client)
    const others = await workingCollectors(database, clock.now())
    const carefully = trying(client, options)
    const number = await migrate(database, { ...wishes, list, others, begin: holdAll, carefully, nowMs: clock.now() })
    if (id !== undefined) {
      const self = { id, hosts: new Set<number>(), schema: newestOf(list), policy: '' }
      await replicaWrites({ database }).putReplica(self, clock.now())
    }
    return number
  })
}

/**
 * Applies what waited for collectors that are gone now; those that come meanwhile wait until it is done.
 * @returns whether something is still to be applied
 * @throws StoreUnavailable; GabionError with code `store` as `migratePostgres`
 */
export function contractPostgres(server: PostgresOptions, options: PostgresMigration): Promise<boolean> {
  const { clock, list = migrations, progress = () => undefined } = options
  return patiently(server, async client => {
    const database = databaseOn(client)
    if (!(await hasMissing(database, list))) return false
    const { rows } = await client.query<{ taken: boolean }>(tryLock('migration'))
    if (rows[0]?.taken !== true) return true
    const others = await workingCollectors(database, clock.now())
    const schema = await readSchema(database)
    requireKnown(schema, newestOf(list))
    if (planMigrations(list, schema, others).now.length > 0) {
      const carefully = trying(client, options)
      await migrate(database, { list, others, begin: holdAll, carefully, progress, nowMs: clock.now() })
    }
    return hasMissing(database, list)
  })
}

async function hasMissing(database: Kysely<Tables>, list: readonly Migration[]): Promise<boolean> {
  return missingOf(list, await readSchema(database)).length > 0
}

/** Others use the tables meanwhile, except while they are rebuilt: what would hold them up gives way and comes again. */
function trying(
  client: Client,
  { clock, progress = () => undefined }: PostgresMigration,
): NonNullable<MigrateOptions['carefully']> {
  return async ({ kind, number }, work) => {
    if (kind === 'rebuild') return work()
    await client.query(`set lock_timeout = ${lockMs}`)
    for (let attempt = 1; !(await isDone(work)); attempt++) {
      if (attempt === 1) await progress(`migration ${number}: waits for tables that are in use`)
      if (attempt < attempts[kind]) await clock.sleep(pauseMs)
      else if (kind === 'contract') break
      else throw new GabionError('store', `migration ${number}: its tables were in use for minutes; start again later`)
    }
    await client.query('set lock_timeout = 0')
  }
}

/** @returns false when it met somebody and has to be done again */
async function isDone(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  }
}

/** A lock that did not come in time, or of two that waited for each other this one had to go. */
function isBusy(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === '55P03' || state === '40P01'
}
