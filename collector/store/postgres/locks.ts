// Advisory locks: what one collector at a time does, of all that share a database.
import { openClient, type PostgresOptions } from './open-client.ts'

/** First half of the keys of our locks: "gabi" in ASCII. */
const space = 0x67616269

const keys = { migration: 1, drift: 2, retention: 3 } as const
type LockName = keyof typeof keys

/** Statement that waits for a lock and holds it until its transaction ends. */
export const lockUntilCommit = (name: LockName): string => `select pg_advisory_xact_lock(${space}, ${keys[name]})`

/** Statement that waits for a lock and holds it until its connection ends. */
export const lockUntilEnd = (name: LockName): string => `select pg_advisory_lock(${space}, ${keys[name]})`

/**
 * Does the work if nobody else does it now; the lock goes with the connection, however that ends.
 * @returns undefined when somebody else does it
 * @throws StoreUnavailable
 */
export async function ifAlone<T>(
  options: PostgresOptions,
  name: LockName,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const client = await openClient(options)
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(${space}, ${keys[name]}) as taken`,
    )
    return rows[0]?.taken ? await work() : undefined
  } finally {
    await client.end().catch(() => undefined)
  }
}
