// The Store over PostgreSQL: one connection for transactions, one for bodies and signals beside them, a pool for reads.
import type { Clock } from '../../../runtime/clock.ts'
import { oneAfterAnother } from '../../../runtime/one-after-another.ts'
import { replicaName } from '../replicas.ts'
import { besideOthers } from '../sql/alone.ts'
import { migrations, newestOf, type OpenOptions } from '../sql/migrate.ts'
import { createReader, createWriter, type Writer } from '../sql/store-parts.ts'
import type { Store } from '../store.ts'
import type { StoreTransaction } from '../transaction.ts'
import { StoreUnavailable } from '../unavailable.ts'
import { type Line, openLine, sqlStateOf } from './line.ts'
import { lockUntilCommit } from './locks.ts'
import { contractPostgres, migratePostgres } from './migrate-postgres.ts'
import { openPool, type PostgresOptions } from './open-client.ts'
import { aloneOn, readingFrom, within } from './postgres-connection.ts'
import { postgresUpkeep } from './postgres-upkeep.ts'
import { channel, serverSignals } from './server-signals.ts'

export interface PostgresStoreOptions extends OpenOptions {
  /** whether it works with the database until it is closed, so that tables do not change under it */
  readonly isCollector?: boolean
}

/** A transaction that met another one runs again this often. */
const attempts = 5

/**
 * Opens the database, making or migrating its tables; several collectors may.
 * @throws StoreUnavailable
 * @throws GabionError with code `store` when it belongs to a newer program
 */
export async function openPostgresStore(
  server: PostgresOptions,
  clock: Clock,
  { isCollector = false, ...options }: PostgresStoreOptions = {},
): Promise<Store> {
  const { list = migrations } = options
  const replica = replicaName()
  await migratePostgres(server, { clock, ...options, ...(isCollector && { replica }) })
  const pool = openPool(server)
  const line = openLine(server)
  const beside = openLine(server)
  const writer = createWriter(within(line), aloneOn(beside))
  const signals = await serverSignals(server, beside, clock)
  const exclusively = oneAfterAnother()
  const write: Store['write'] = work => exclusively(() => repeatedly(() => inTransaction(line, writer, work)))
  let isOpen = true
  return {
    read: createReader(readingFrom(pool)),
    signals,
    isShared: true,
    schema: newestOf(list),
    replica,
    upkeep: {
      ...postgresUpkeep(server, pool),
      contract: progress => contractPostgres(server, { clock, list, progress }),
    },
    write,
    ping: () =>
      exclusively(async () => {
        await requireWritable(line)
        await requireOwn(line, newestOf(list))
      }),
    async close() {
      // Whoever does not come to say so counts for a while.
      if (isCollector && isOpen) await write(transaction => transaction.deleteReplica(replica)).catch(() => undefined)
      await exclusively(async () => {
        if (!isOpen) return
        isOpen = false
        await signals.close()
        await Promise.all([line.close(), beside.close(), pool.end()])
      })
    },
  }
}

async function inTransaction<T>(
  line: Line,
  { transaction, late }: Writer,
  work: (transaction: StoreTransaction) => Promise<T>,
): Promise<T> {
  await line.ready()
  line.send({ text: 'begin isolation level read committed', values: [] })
  line.send({ text: besideOthers, values: [] })
  try {
    const done = await work(transaction)
    await line.settled()
    late.counts.flush()
    if (late.drift.size > 0) {
      // Ids of drift are seen in their order: whoever has read one of them never finds a lower one later.
      line.send({ text: lockUntilCommit('drift'), values: [] })
      late.drift.flush()
      line.send({ text: `notify ${channel}, '{"kind":"committed"}'`, values: [] })
    }
    await line.settled()
    await commit(line)
    return done
  } catch (error) {
    late.counts.discard()
    late.drift.discard()
    await line.settled().catch(() => undefined)
    await line.query({ text: 'rollback', values: [] }).catch(() => undefined)
    throw error
  }
}

/** What failed within a transaction makes its commit a rollback, without an error. */
async function commit(line: Line): Promise<void> {
  const { command } = await line.query({ text: 'commit', values: [] })
  if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`)
}

/** Of two transactions that wait for each other the server ends one. */
async function repeatedly<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const state = sqlStateOf(error)
      if ((state !== '40P01' && state !== '40001') || attempt === attempts) throw error
    }
  }
}

async function requireWritable(line: Line): Promise<void> {
  await line.ready()
  const { rows } = await line.query({ text: "select current_setting('transaction_read_only') as value", values: [] })
  if (rows[0]?.value !== 'off') throw new StoreUnavailable('it takes no writes')
}

const oldestThatWorks = 'select max(case works_with when 0 then number else works_with end) as oldest from migration'

/** Nobody waits for a collector that says nothing for long, as when its machine was asleep. */
async function requireOwn(line: Line, newest: number): Promise<void> {
  const { rows } = await line.query({ text: oldestThatWorks, values: [] })
  const oldest = Number(rows[0]?.oldest)
  if (oldest <= newest) return
  throw new StoreUnavailable(`its tables are those of schema ${oldest}, this program knows up to ${newest}`)
}
