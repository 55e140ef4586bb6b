// Runs compiled statements on PostgreSQL, prepared by name.
import { type Compilable, Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import { messageOf } from '../../../runtime/errors.ts'
import { bind, type Connection, type Prepared, type Values } from '../sql/connection.ts'
import type { Tables } from '../sql/tables.ts'
import { StoreUnavailable } from '../unavailable.ts'
import { isGoing, type Line, type Statement } from './line.ts'
import type { Client, Pool, QueryResult } from './open-client.ts'

/** Connects as soon as something is asked, and each statement is a transaction of its own. */
export function aloneOn(line: Line): Connection {
  const query = async (statement: Statement) => {
    await line.ready()
    return line.query(statement)
  }
  return connectionOver(query, statement => void query(statement).catch(() => undefined))
}

/** Whoever uses it begins and ends the transaction. */
export function within(line: Line): Connection {
  return connectionOver(line.query, line.send)
}

export function readingFrom(pool: Pool): Connection {
  const query = (statement: Statement) => tellLoss(pool.query(statement))
  const ofPool: PostgresPool = {
    async connect() {
      const client = await tellLoss(pool.connect())
      let lost: Error | undefined
      // The pool listens to those only that nobody uses: without this a lost server would end the process.
      const onError = (error: Error) => {
        lost = error
      }
      client.on('error', onError)
      const release = () => {
        client.off('error', onError)
        client.release(lost)
      }
      const ask = (text: string, values: readonly unknown[]) => tellLoss(client.query(text, [...values]))
      return { query: ask, release } as never
    },
    end: () => pool.end(),
    options: {},
  }
  return { ...connectionOver(query, () => undefined), database: kyselyOver(ofPool) }
}

/** @throws StoreUnavailable when the connection is lost, and else what the server said */
async function tellLoss<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw isGoing(error) ? new StoreUnavailable(messageOf(error), error) : error
  }
}

/** For migrations and copies: transactions of Kysely on one connection. */
export function databaseOn(client: Client): Kysely<Tables> {
  return kyselyOver(poolOf((text, values) => client.query(text, values)))
}

type Query = (statement: Statement) => Promise<QueryResult>

function connectionOver(query: Query, send: (statement: Statement) => void): Connection {
  let prepared = 0
  return {
    dialect: 'postgres',
    database: kyselyOver(poolOf((text, values) => query({ text, values }))),
    prepare: statement => prepare(`gabion_${++prepared}`, statement, query, send),
  }
}

function prepare<Row>(
  name: string,
  statement: Compilable<Row>,
  query: Query,
  send: (statement: Statement) => void,
): Prepared<Row> {
  const { sql: text, parameters } = statement.compile()
  const filled = (values: Values): Statement => ({ name, text, values: [...bind(parameters, values)] })
  return {
    all: async values => (await query(filled(values))).rows,
    get: async values => (await query(filled(values))).rows[0],
    run: async values => (await query(filled(values))).rowCount ?? 0,
    send: values => send(filled(values)),
  }
}

const kyselyOver = (pool: PostgresPool) => new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })

/** A pool of one connection that is always free: its statements stand in line. */
function poolOf(query: (text: string, values: unknown[]) => Promise<QueryResult>): PostgresPool {
  const client = {
    query: (text: string, values: readonly unknown[]) => query(text, [...values]),
    release: () => undefined,
  }
  return { connect: async () => client as never, end: async () => undefined, options: {} }
}
