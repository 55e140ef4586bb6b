// Histories on PostgreSQL stand in partitions by time: made ahead, and dropped whole when all of one is past its time.
import { setTimeout } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { dayMs, hourMs } from '../history-units.ts'
import type { PrunedKind } from '../retention.ts'
import type { Tables } from './tables.ts'

export interface PartitionedTable {
  readonly table: 'facet_history' | 'drift' | 'result_history'
  /** when a row ended, in milliseconds since the epoch; its time to stay begins there */
  readonly time: string
}

export const partitionedTables = {
  history: { table: 'facet_history', time: 'valid_to' },
  drift: { table: 'drift', time: 'received_at' },
  endedResults: { table: 'result_history', time: 'until' },
} as const satisfies Partial<Record<PrunedKind, PartitionedTable>>

/** @returns undefined for rows that go one by one */
export function partitionedTableOf(kind: PrunedKind): PartitionedTable | undefined {
  return kind in partitionedTables ? partitionedTables[kind as keyof typeof partitionedTables] : undefined
}

export interface Partition {
  readonly name: string
  /** what its rows' time is in: [fromMs, toMs) */
  readonly fromMs: number
  readonly toMs: number
}

/** Rows stay at most this part of their time longer than they have to. */
export const longerBy = 1 / 12
const widest = 28 * dayMs
/** Partitions that are there before anything is in them: collectors may be away for that long. */
const aheadCount = 8

/** @param ageMs how long rows are kept, 0 for ever */
export function partitionWidthMs(ageMs: number): number {
  const width = ageMs === 0 ? widest : Math.min(widest, ageMs * longerBy)
  const unit = width < dayMs ? hourMs : dayMs
  return Math.max(unit, Math.floor(width / unit) * unit)
}

/** Partitions of a table by their time; one for rows of any other time is not among them. */
export async function partitionsOf(database: Kysely<Tables>, table: string): Promise<readonly Partition[]> {
  const { rows } = await sql<{ name: string; bound: string }>`select child.relname as name,
      pg_get_expr(child.relpartbound, child.oid) as bound
    from pg_inherits join pg_class as child on child.oid = inhrelid
    where inhparent = to_regclass(${table}) order by child.relname`.execute(database)
  const partitions = rows.flatMap(({ name, bound }) => {
    const [, from, to] = /FROM \('(\d+)'\) TO \('(\d+)'\)/.exec(bound) ?? []
    // Rows that have not ended are in one of their own: [0, 1).
    return from === undefined || to === undefined || to === '1'
      ? []
      : [{ name, fromMs: Number(from), toMs: Number(to) }]
  })
  return partitions.sort((a, b) => a.fromMs - b.fromMs)
}

/**
 * Makes the partitions that will be needed next; nobody else may do so meanwhile.
 * @param times since when there have to be some, now, and how long rows are kept
 * @returns how many were made
 */
export async function makeAhead(
  database: Kysely<Tables>,
  table: PartitionedTable,
  { nowMs, ageMs, sinceMs = nowMs }: { readonly nowMs: number; readonly ageMs: number; readonly sinceMs?: number },
): Promise<number> {
  const width = partitionWidthMs(ageMs)
  const last = (await partitionsOf(database, table.table)).at(-1)?.toMs ?? 0
  let made = 0
  for (let from = Math.max(last, startOf(sinceMs, width)); from < nowMs + aheadCount * width; from += width) {
    await inShortTransaction(database, transaction => addPartition(transaction, table, from, from + width))
    made++
  }
  return made
}

const startOf = (atMs: number, width: number) => Math.floor(atMs / width) * width

/** Shorter than it takes the server to see that two wait for each other: others wait behind whoever waits. */
const lockMs = 100
const attempts = 60
const pauseMs = 250

/** Tables are locked for a moment, when nobody else uses them. @throws what the server says when it never comes to that */
async function inShortTransaction<T>(
  database: Kysely<Tables>,
  work: (transaction: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  if (database.isTransaction) return work(database)
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction().execute(async transaction => {
        await sql`set local lock_timeout = ${sql.lit(lockMs)}`.execute(transaction)
        return work(transaction)
      })
    } catch (error) {
      if (!isLocked(error) || attempt === attempts) throw error
      await setTimeout(pauseMs)
    }
  }
}

/** lock_not_available */
const isLocked = (error: unknown) => error instanceof Error && 'code' in error && error.code === '55P03'

/** Rows of its time that came before it was there move into it. */
async function addPartition(
  database: Kysely<Tables>,
  { table, time }: PartitionedTable,
  fromMs: number,
  toMs: number,
): Promise<void> {
  const hour = new Date(fromMs).toISOString().slice(0, 13).replace(/[-T]/g, '')
  const [name, parent, other] = [`${table}_${hour}`, table, `${table}_other`].map(text => sql.table(text ?? ''))
  await sql`create table ${name} (like ${parent} including defaults)`.execute(database)
  await sql`lock table ${other} in access exclusive mode`.execute(database)
  await sql`with moved as (delete from ${other}
      where ${sql.ref(time)} >= ${sql.lit(fromMs)} and ${sql.ref(time)} < ${sql.lit(toMs)} returning *)
    insert into ${name} select * from moved`.execute(database)
  await sql`alter table ${parent} attach partition ${name}
    for values from (${sql.lit(fromMs)}) to (${sql.lit(toMs)})`.execute(database)
}

/**
 * Drops partitions in which everything ended before a time, with all that is in them.
 * @returns how many rows went
 */
export async function dropPast(database: Kysely<Tables>, table: PartitionedTable, beforeMs: number): Promise<number> {
  let gone = 0
  for (const { name, toMs } of await partitionsOf(database, table.table)) {
    if (toMs > beforeMs) break
    gone += await inShortTransaction(database, async transaction => {
      const counted = sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`
      const { rows } = await counted.execute(transaction)
      await sql`drop table ${sql.table(name)}`.execute(transaction)
      return rows[0]?.count ?? 0
    })
  }
  return gone
}
