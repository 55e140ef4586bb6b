// A connection of its own that comes back after it was lost: for transactions, and for what is written beside them.
import { messageOf } from '../../../runtime/errors.ts'
import { StoreUnavailable } from '../unavailable.ts'
import { type Client, openClient, type PostgresOptions, type QueryResult } from './open-client.ts'

export interface Statement {
  readonly name?: string
  readonly text: string
  readonly values: unknown[]
}

export interface Line {
  /** connects when there is no connection. @throws StoreUnavailable */
  ready(): Promise<void>
  /** on the connection that `ready` found, even when it is lost since: then it rejects */
  query(statement: Statement): Promise<QueryResult>
  /** without an answer; `settled` tells */
  send(statement: Statement): void
  /** resolves when all that was sent is done. Rejects with what failed first. */
  settled(): Promise<void>
  close(): Promise<void>
}

export function openLine(options: PostgresOptions): Line {
  let client: Client | undefined
  let isLost = true
  let sent: Promise<unknown>[] = []
  let failed: { readonly error: unknown } | undefined

  let connecting: Promise<void> | undefined

  async function ready(): Promise<void> {
    sent = []
    failed = undefined
    if (client && !isLost) return
    connecting ??= connect().finally(() => {
      connecting = undefined
    })
    await connecting
  }

  async function connect(): Promise<void> {
    await client?.end().catch(() => undefined)
    const next = await openClient(options)
    const lose = () => {
      if (client === next) isLost = true
    }
    next.on('error', lose)
    next.on('end', lose)
    client = next
    isLost = false
  }

  async function query(statement: Statement): Promise<QueryResult> {
    if (!client) throw new StoreUnavailable('not connected')
    try {
      return await client.query(statement)
    } catch (error) {
      if (isLost || isGoing(error)) {
        isLost = true
        throw new StoreUnavailable(messageOf(error), error)
      }
      throw error
    }
  }

  return {
    ready,
    query,
    send(statement) {
      sent.push(
        query(statement).catch(error => {
          failed ??= { error }
        }),
      )
    },
    async settled() {
      await Promise.all(sent)
      sent = []
      if (failed) throw failed.error
    },
    async close() {
      await client?.end().catch(() => undefined)
      client = undefined
    },
  }
}

/** @param error of a connection: one without SQLSTATE is its loss; class 57P and 08 say that the server ends it */
export function isGoing(error: unknown): boolean {
  const code = sqlStateOf(error)
  return code === undefined || code.startsWith('57P') || code.startsWith('08')
}

/** Five characters, undefined when the error is not the server's. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && /[0-9]/.test(code) ? code : undefined
}
