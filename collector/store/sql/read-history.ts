// Reading sums of hours and days, and what flapped.
import { type Kysely, sql } from 'kysely'
import { resultStates } from '../../../policy/check.ts'
import type { CheckDay, FixSum, HistoryReader, HostCounts, Span } from '../history.ts'
import { dayMs, fleetCheck, hourMs } from '../history-units.ts'
import { unpackTally } from '../tally.ts'
import { severityOfCode } from './codes.ts'
import type { Tables } from './tables.ts'

type SumReads = Pick<
  HistoryReader,
  'postures' | 'turns' | 'checkDays' | 'fixes' | 'hostCounts' | 'prunedBefore' | 'hostsWithQuietFlaps'
>

export function historyReads(database: Kysely<Tables>): SumReads {
  return {
    postures: async (span, stepMs) => {
      const [first, end] = within(span, hourMs)
      const step = sql.lit(stepMs / hourMs)
      const last = database
        .selectFrom('posture_hour')
        .select(({ fn }) => fn.max('hour').as('hour'))
        .where('hour', '>=', first)
        .where('hour', '<', end)
        .groupBy(sql`hour / ${step}`)
      const rows = await database
        .selectFrom('posture_hour')
        .selectAll()
        .where('hour', 'in', last)
        .orderBy('hour')
        .execute()
      return rows.map(({ hour, taken_at, tally, hosts }) => ({
        ...{ atMs: Math.floor((hour * hourMs) / stepMs) * stepMs, takenAtMs: taken_at },
        ...{ results: unpackTally(tally), hosts: JSON.parse(hosts) as HostCounts },
      }))
    },
    turns: async (span, stepMs) => {
      const [first, end] = within(span, hourMs)
      const step = sql<number>`hour / ${sql.lit(stepMs / hourMs)}`
      const rows = await database
        .selectFrom('turn_hour')
        .select([step.as('step'), 'severity'])
        .select(({ fn }) => [fn.sum<number>('opened').as('opened'), fn.sum<number>('fixed').as('fixed')])
        .where('hour', '>=', first)
        .where('hour', '<', end)
        .groupBy([step, 'severity'])
        .orderBy(step)
        .execute()
      return rows.map(({ step, severity, opened, fixed }) => ({
        ...{ atMs: step * stepMs, severity: severityOfCode(severity), opened: Number(opened), fixed: Number(fixed) },
      }))
    },
    hostCounts: (connected, from) => countHosts(database, connected, from),
    checkDays: async (check, span) => {
      const [first, end] = within(span, dayMs)
      const rows = await database
        .selectFrom('check_day')
        .innerJoin('check_known', 'check_known.check_no', 'check_day.check_no')
        .select(['day', 'counts', 'opened', 'fixed'])
        .where('check_known.id', '=', check)
        .where('day', '>=', first)
        .where('day', '<', end)
        .orderBy('day')
        .execute()
      return rows.map(({ day, counts, opened, fixed }) => ({
        ...{ atMs: day * dayMs, stood: unpackCounts(counts), opened, fixed },
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
        .where('last_at', '<=', beforeMs)
        .where('began_at', '>', sql.lit(0))
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

function unpackCounts(text: string): CheckDay['stood'] {
  if (text === '') return undefined
  const values = JSON.parse(text) as readonly number[]
  const counts = resultStates.map((state, index) => [state, values[index] ?? 0])
  return { counts: Object.fromEntries(counts), waived: values[resultStates.length] ?? 0 }
}

/** In one walk over the hosts, and by the few that are retired or silent: a list of all that are connected would cost more. */
async function countHosts(
  database: Kysely<Tables>,
  connected: ReadonlySet<number>,
  { newMs, missingMs }: Parameters<HistoryReader['hostCounts']>[1],
): Promise<HostCounts> {
  const inFleet = database.selectFrom('host').where('standing', '<>', 'retired')
  const { total, young } = await inFleet
    .select([
      sql<number>`count(*)`.as('total'),
      sql<number | null>`sum(case when first_seen >= ${newMs} then 1 else 0 end)`.as('young'),
    ])
    .executeTakeFirstOrThrow()
  const silent = await inFleet.select('host_no').where('last_seen', '<', missingMs).execute()
  const retired = await database.selectFrom('host').select('host_no').where('standing', '=', 'retired').execute()
  const isConnected = ({ host_no }: { readonly host_no: number }) => connected.has(host_no)
  const online = connected.size - retired.filter(isConnected).length
  const missing = silent.filter(host => !isConnected(host)).length
  const offline = Math.max(Number(total) - online - missing, 0)
  return { total: Number(total), new: Number(young), online, offline, missing, retired: retired.length }
}

async function readFixes(
  database: Kysely<Tables>,
  span: Span,
  of: Parameters<HistoryReader['fixes']>[1],
): Promise<readonly FixSum[]> {
  const [first, end] = within(span, dayMs)
  // Check by check, as they are in the key: a walk over the days of all of them would read what is not asked for.
  const isAsked = async () => {
    if (of === 'checks') return sql<boolean>`check_no in (select known.check_no from check_known as known)`
    return sql<boolean>`check_no = ${of === 'fleet' ? fleetCheck : await checkNumber(database, of.check)}`
  }
  const rows = await database
    .selectFrom('fix_day')
    .select(['check_no', 'severity', 'bucket'])
    .select(({ fn }) => fn.sum<number>('failures').as('failures'))
    .where(await isAsked())
    .where('day', '>=', first)
    .where('day', '<', end)
    .groupBy(['check_no', 'severity', 'bucket'])
    .execute()
  const names = of === 'checks' ? await readNames(database) : new Map<number, string>()
  return rows.map(({ check_no, severity, bucket, failures }) => ({
    check: typeof of === 'string' ? (names.get(check_no) ?? '') : of.check,
    ...{ severity: severityOfCode(severity), bucket, failures: Number(failures) },
  }))
}

async function readNames(database: Kysely<Tables>): Promise<ReadonlyMap<number, string>> {
  const rows = await database.selectFrom('check_known').select(['check_no', 'id']).execute()
  return new Map(rows.map(row => [row.check_no, row.id]))
}

const noCheck = -1

async function checkNumber(database: Kysely<Tables>, check: string): Promise<number> {
  const query = database.selectFrom('check_known').select('check_no').where('id', '=', check)
  return (await query.executeTakeFirst())?.check_no ?? noCheck
}
