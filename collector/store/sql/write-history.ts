// Writing how the fleet stood over time: sums of hours and days, snapshots, and what changed lately on a host.

import { type Selectable, sql } from 'kysely'
import { resultStates } from '../../../policy/check.ts'
import { bucketOf } from '../fix-bucket.ts'
import type { DriftItem, FailureTurn, HistoryTransaction } from '../history.ts'
import { dayMs, fleetCheck, hourMs } from '../history-units.ts'
import { packTally } from '../tally.ts'
import type { AtCommit } from './at-commit.ts'
import { checkNumbers } from './check-numbers.ts'
import { severityCode } from './codes.ts'
import { type Connection, slot } from './connection.ts'
import { prepareRows } from './put-rows.ts'
import { summed } from './summed-rows.ts'
import type { Tables } from './tables.ts'

/** @param sums put just before the commit: many transactions write to them at once */
export function historyWrites(connection: Connection, sums: AtCommit): HistoryTransaction {
  const checks = checkNumbers(connection)
  const puts = prepareSums(connection)
  const turnRows = sums.rows<TurnRow>(rows => puts.turns(summed(rows, ['hour', 'severity'], ['opened', 'fixed'])))
  const dayRows = sums.rows<DayRow>(rows => puts.days(summed(rows, ['check_no', 'day'], ['opened', 'fixed'])))
  const fixRows = sums.rows<FixRow>(rows =>
    puts.fixes(summed(rows, ['check_no', 'day', 'severity', 'bucket'], ['failures'])),
  )
  return {
    countTurns: async turns => {
      for (const turn of turns) {
        const check_no = await checks.numberOf(turn.check)
        const { hour, day, severity, opened, fixed } = rowsOf(turn)
        turnRows.push({ hour, severity, opened, fixed })
        dayRows.push({ day, check_no, counts: '', opened, fixed })
        if (fixed === 0) continue
        const fix = { day, severity, bucket: bucketOf(turn.stoodMs), failures: 1 }
        fixRows.push({ ...fix, check_no }, { ...fix, check_no: fleetCheck })
      }
    },
    putPosture: async ({ takenAtMs, results, hosts }, counted) => {
      const hour = Math.floor(takenAtMs / hourMs)
      puts.posture([{ hour, taken_at: takenAtMs, tally: packTally(results), hosts: JSON.stringify(hosts) }])
      const day = Math.floor(takenAtMs / dayMs)
      const rows = counted.map(async ({ check, counts, waived }) => ({
        ...{ day, check_no: await checks.numberOf(check), opened: 0, fixed: 0 },
        counts: JSON.stringify([...resultStates.map(state => counts[state]), waived]),
      }))
      puts.checks((await Promise.all(rows)).sort((a, b) => a.check_no - b.check_no))
    },
    ...driftItemWrites(connection),
  }
}

type TurnRow = Readonly<Record<'hour' | 'severity' | 'opened' | 'fixed', number>>
type DayRow = Readonly<Record<'day' | 'check_no' | 'opened' | 'fixed', number>> & { readonly counts: string }
type FixRow = Readonly<Record<'day' | 'check_no' | 'severity' | 'bucket' | 'failures', number>>

function rowsOf({ kind, atMs, severity }: FailureTurn) {
  const opened = kind === 'opened' ? 1 : 0
  return {
    ...{ hour: Math.floor(atMs / hourMs), day: Math.floor(atMs / dayMs), severity: severityCode(severity) },
    ...{ opened, fixed: 1 - opened },
  }
}

function prepareSums(connection: Connection) {
  const posture = { hour: 'bigint', taken_at: 'bigint', tally: 'text', hosts: 'text' } as const
  const turns = { hour: 'bigint', severity: 'bigint', opened: 'bigint', fixed: 'bigint' } as const
  const days = { day: 'bigint', check_no: 'bigint', counts: 'text', opened: 'bigint', fixed: 'bigint' } as const
  const fixes = { day: 'bigint', check_no: 'bigint', severity: 'bigint', bucket: 'bigint', failures: 'bigint' } as const
  return {
    posture: prepareRows(connection, {
      ...{ table: 'posture_hour', columns: posture },
      conflict: { keys: ['hour'], replace: ['taken_at', 'tally', 'hosts'] },
    }),
    turns: prepareRows(connection, {
      ...{ table: 'turn_hour', columns: turns },
      conflict: { keys: ['hour', 'severity'], add: ['opened', 'fixed'] },
    }),
    days: prepareRows(connection, {
      ...{ table: 'check_day', columns: days },
      conflict: { keys: ['check_no', 'day'], add: ['opened', 'fixed'] },
    }),
    checks: prepareRows(connection, {
      ...{ table: 'check_day', columns: days },
      conflict: { keys: ['check_no', 'day'], replace: ['counts'] },
    }),
    fixes: prepareRows(connection, {
      ...{ table: 'fix_day', columns: fixes },
      conflict: { keys: ['check_no', 'day', 'severity', 'bucket'], add: ['failures'] },
    }),
  }
}

function driftItemWrites(
  connection: Connection,
): Pick<HistoryTransaction, 'driftItems' | 'putDriftItems' | 'quietFlaps' | 'deleteDriftItems'> {
  const { database, dialect } = connection
  // Each by its name: a statement that is prepared does not live to see a column more.
  const ofHost = database
    .selectFrom('drift_item')
    .select(['host_no', 'item', 'seen', 'last_at', 'began_at', 'turns', 'latest'])
  const given = slot<string>('items')
  const isGiven =
    dialect === 'postgres'
      ? sql<boolean>`item = any(${given}::text[])`
      : sql<boolean>`item in (select value from json_each(${given}))`
  const ofItems = connection.prepare(ofHost.where('host_no', '=', slot<number>('host')).where(isGiven))
  const list = (items: readonly string[]) =>
    dialect === 'postgres' ? (items as unknown as string) : JSON.stringify(items)
  const numbers = { host_no: 'bigint', last_at: 'bigint', began_at: 'bigint', turns: 'bigint' } as const
  const columns = { ...numbers, item: 'text', seen: 'text', latest: 'text' } as const
  const put = prepareRows(connection, {
    ...{ table: 'drift_item', columns },
    conflict: { keys: ['host_no', 'item'], replace: ['seen', 'last_at', 'began_at', 'turns', 'latest'] },
  })
  return {
    driftItems: async (host, items) => (await ofItems.all({ host, items: list(items) })).map(toDriftItem),
    quietFlaps: async (host, beforeMs) => {
      const query = ofHost.where('began_at', '>', 0).where('last_at', '<=', beforeMs).where('host_no', '=', host)
      return (await query.orderBy('last_at').orderBy('item').execute()).map(toDriftItem)
    },
    putDriftItems: async (host_no, items) => {
      const rows = items.map(({ item, seen, beganAtMs, turns, latest }) => ({
        ...{ host_no, item, seen: JSON.stringify(seen), last_at: seen.at(-1)?.[0] ?? 0 },
        ...{ began_at: beganAtMs, turns, latest },
      }))
      put(rows.sort((a, b) => (a.item < b.item ? -1 : 1)))
    },
    deleteDriftItems: async (host, items) => {
      if (items.length === 0) return
      await database
        .deleteFrom('drift_item')
        .where('host_no', '=', host)
        .where('item', 'in', [...items])
        .execute()
    },
  }
}

function toDriftItem({ item, seen, began_at, turns, latest }: Selectable<Tables['drift_item']>): DriftItem {
  return { item, seen: JSON.parse(seen) as DriftItem['seen'], beganAtMs: began_at, turns, latest }
}
