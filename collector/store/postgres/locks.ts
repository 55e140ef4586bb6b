// Advisory locks: what one collector at a time does, of all that share a database.
import { type Singleton, singletons } from '../singleton-names.ts'
import { type Client, openClient, type Pool, type PostgresOptions } from './open-client.ts'

/** First half of the keys of our locks: "gabi" in ASCII. */
const space = 0x67616269

/** Those of singletons stand with their names. */
const keys = { migration: 1, drift: 2 } as const
type LockName = keyof typeof keys

/** Statement that waits for a lock and holds it until its transaction ends. */
export const lockUntilCommit = (name: LockName): string => `select pg_advisory_xact_lock(${space}, ${keys[name]})`

/** Statement that waits for a lock and holds it until its connection ends. */
export const lockUntilEnd = (name: LockName): string => `select pg_advisory_lock(${space}, ${keys[name]})`

/** Query that takes a lock until its connection ends when nobody else holds it, and says in `taken` whether it did. */
export const tryLock = (name: LockName): string => `select pg_try_advisory_lock(${space}, ${keys[name]}) as taken`

/** How often the connection that holds a lock is asked whether it is still there. */
const askedEveryMs = 10_000

/**
 * Whether somebody has the lock: asked over a connection that is there anyway, so that whoever waits for a lock opens none.
 * Who cannot be told tries to take it.
 */
export async function isTaken(pool: Pool, name: Singleton): Promise<boolean> {
  const asked = pool.query<{ taken: boolean }>(
    `select exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 2
      and classid = ${space} and objid = ${singletons[name]}
      and database = (select oid from pg_database where datname = current_database())) as taken`,
  )
  return asked.then(({ rows }) => rows[0]?.taken === true).catch(() => false)
}

/**
 * Does the work if nobody else does it now; the lock goes with the connection, however that ends.
 * @param work is given a signal that aborts when the connection is lost
 * @returns undefined when somebody else does it
 * @throws StoreUnavailable
 */
export async function ifAlone<T>(
  options: PostgresOptions,
  name: Singleton,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const client = await openClient(options)
  const lost = new AbortController()
  const watch = watched(client, () => lost.abort())
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(${space}, ${singletons[name]}) as taken`,
    )
    return rows[0]?.taken ? await work(lost.signal) : undefined
  } finally {
    clearInterval(watch)
    await client.end().catch(() => undefined)
  }
}

function watched(client: Client, onLost: () => void): NodeJS.Timeout {
  client.on('error', onLost)
  client.on('end', onLost)
  return setInterval(() => void client.query('select 1').catch(onLost), askedEveryMs).unref()
}
