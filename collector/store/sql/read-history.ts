// Reading sums of hours and days, and what flapped.
import type { Kysely } from 'kysely'
import type { FixSum, HistoryReader, HostCounts, Span } from '../history.ts'
import { dayMs, fleetCheck, hourMs } from '../history-units.ts'
import { type Counts, countedStates, unpackTally } from '../tally.ts'
import { severityOfCode } from './codes.ts'
import type { Tables } from './tables.ts'

type SumReads = Pick<
  HistoryReader,
  'postures' | 'turns' | 'checkDays' | 'fixes' | 'prunedBefore' | 'hostsWithQuietFlaps'
>

export function historyReads(database: Kysely<Tables>): SumReads {
  return {
    postures: async span => {
      const [first, end] = within(span, hourMs)
      const query = database.selectFrom('posture_hour').selectAll().where('hour', '>=', first).where('hour', '<', end)
      return (await query.orderBy('hour').execute()).map(({ hour, taken_at, tally, hosts }) => ({
        ...{ atMs: hour * hourMs, takenAtMs: taken_at },
        ...{ results: unpackTally(tally), hosts: JSON.parse(hosts) as HostCounts },
      }))
    },
    turns: async span => {
      const [first, end] = within(span, hourMs)
      const query = database.selectFrom('turn_hour').selectAll().where('hour', '>=', first).where('hour', '<', end)
      return (await query.orderBy('hour').execute()).map(({ hour, severity, opened, fixed }) => ({
        ...{ atMs: hour * hourMs, severity: severityOfCode(severity), opened, fixed },
      }))
    },
    checkDays: async (check, span) => {
      const [first, end] = within(span, dayMs)
      const rows = await database
        .selectFrom('check_day')
        .innerJoin('check_known', 'check_known.check_no', 'check_day.check_no')
        .select(['day', 'counts', 'opened', 'fixed'])
        .where('check_known.id', '=', check)
        .where('day', 'in', numbers(first, end))
        .orderBy('day')
        .execute()
      return rows.map(({ day, counts, opened, fixed }) => ({
        ...{ atMs: day * dayMs, counts: unpackCounts(counts), opened, fixed },
      }))
    },
    fixes: (span, of) => readFixes(database, span, of),
    prunedBefore: async kind => {
      const query = database.selectFrom('pruned').select('before_at').where('kind', '=', kind)
      return (await query.executeTakeFirst())?.before_at ?? 0
    },
    hostsWithQuietFlaps: async (beforeMs, limit) => {
      const rows = await database
        .selectFrom('drift_item')
        .select('host_no')
        .where('last_at', '<', beforeMs)
        .where('began_at', '>', 0)
        .orderBy('last_at')
        .limit(limit)
        .execute()
      return [...new Set(rows.map(row => row.host_no))]
    },
  }
}

/** The whole units that a span touches. */
function within({ sinceMs, untilMs }: Span, unitMs: number): readonly [first: number, end: number] {
  return [Math.floor(sinceMs / unitMs), Math.ceil(untilMs / unitMs)]
}

function numbers(first: number, end: number): number[] {
  return Array.from({ length: Math.max(end - first, 0) }, (_, index) => first + index)
}

function unpackCounts(text: string): Counts | undefined {
  if (text === '') return undefined
  const values = JSON.parse(text) as readonly number[]
  return Object.fromEntries(countedStates.map((state, index) => [state, values[index] ?? 0])) as unknown as Counts
}

async function readFixes(
  database: Kysely<Tables>,
  span: Span,
  of: Parameters<HistoryReader['fixes']>[1],
): Promise<readonly FixSum[]> {
  const [first, end] = within(span, dayMs)
  let query = database
    .selectFrom('fix_day')
    .leftJoin('check_known', 'check_known.check_no', 'fix_day.check_no')
    .select(['check_known.id as check', 'fix_day.severity', 'fix_day.bucket'])
    .select(({ fn }) => fn.sum<number>('failures').as('failures'))
    .groupBy(['check_known.id', 'fix_day.severity', 'fix_day.bucket'])
  if (of === 'checks') {
    query = query.where('fix_day.check_no', '>', fleetCheck).where('day', '>=', first).where('day', '<', end)
  } else {
    query = query.where('day', 'in', numbers(first, end))
    query =
      of === 'fleet' ? query.where('fix_day.check_no', '=', fleetCheck) : query.where('check_known.id', '=', of.check)
  }
  return (await query.execute()).map(({ check, severity, bucket, failures }) => ({
    ...{ check: check ?? '', severity: severityOfCode(severity), bucket, failures: Number(failures) },
  }))
}
