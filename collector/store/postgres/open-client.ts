// The one door to pg: connections as the collector wants them.
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { messageOf } from '../../../runtime/errors.ts'
import { StoreUnavailable } from '../unavailable.ts'

export type Client = pg.Client
export type Pool = pg.Pool
export type QueryResult = pg.QueryResult

export interface PostgresOptions {
  /** `postgres://USER@HOST:PORT/DATABASE?sslmode=…`; what it leaves out stands in PGHOST, PGPASSFILE and their like */
  readonly url: string
  /** read at every connection, so that a new password is taken; empty when there is none */
  readonly passwordFile?: string
}

/** Connections that only read. */
const readers = 8
const connectMs = 10_000
/**
 * A transaction that is left open this long by a collector that hangs is ended, so that others can write. A copy is none:
 * it waits for the other database.
 */
const idleInTransactionMs = 60_000
/** A server that does not answer a statement for this long is lost. */
const answerMs = 60_000

const { builtins } = pg.types
/** Numbers of all our columns are safe integers. */
const numeric: ReadonlySet<number> = new Set([builtins.INT8, builtins.NUMERIC])
const types = {
  getTypeParser: ((oid: number, format?: 'text') =>
    numeric.has(oid) ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

function configOf({ url }: PostgresOptions, patient = false): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'gabion-collector',
    connectionTimeoutMillis: connectMs,
    ...(!patient && { query_timeout: answerMs, idle_in_transaction_session_timeout: idleInTransactionMs }),
    keepAlive: true,
    types,
  }
}

/** What makes clients whose password is read from its file whenever they connect: one in the settings gives way to the URL's. */
function clientOf({ passwordFile = '' }: PostgresOptions): typeof pg.Client {
  if (passwordFile === '') return pg.Client
  return class extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config)
      Object.assign(this, { password: () => readFileSync(passwordFile, 'utf8').trimEnd() })
    }
  }
}

/**
 * Statements are sent without waiting for the answers of those before; the server runs them in order.
 * @param patient for work that may take as long as it takes
 * @throws StoreUnavailable
 */
export async function openClient(options: PostgresOptions, patient = false): Promise<Client> {
  const Client = clientOf(options)
  const client = new Client({
    ...configOf(options, patient),
    pipeline: true,
  } as pg.ClientConfig)
  // What becomes of the connection shows at the statements on it.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (cause) {
    throw new StoreUnavailable(messageOf(cause), cause)
  }
  return client
}

/**
 * Does work that may take as long as it takes on a connection of its own, which ends with it.
 * @throws StoreUnavailable
 */
export async function patiently<T>(options: PostgresOptions, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await openClient(options, true)
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

export function openPool(options: PostgresOptions): Pool {
  const pool = new pg.Pool({ ...configOf(options), max: readers, Client: clientOf(options) })
  pool.on('error', () => undefined)
  return pool
}
