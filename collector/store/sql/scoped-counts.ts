// The numbers of some hosts of the fleet, counted when they are asked for.
import { type Kysely, sql } from 'kysely'
import { severities } from '../../../policy/check.ts'
import type { Scope } from '../access-records.ts'
import type { CheckRecord, FleetCounts } from '../records.ts'
import { type CountedState, countedStates, emptyCounts, emptyTally, type Tally, unpackTally } from '../tally.ts'
import { stateOfCode } from './codes.ts'
import { inScope } from './in-scope.ts'
import type { Tables } from './tables.ts'

export async function readScopedChecks(database: Kysely<Tables>, scope: Scope): Promise<readonly CheckRecord[]> {
  const known = await database
    .selectFrom('check_known')
    .select(['check_no', 'id'])
    .where('in_force', '=', 1)
    .orderBy('id')
    .execute()
  const counts = new Map(known.map(row => [row.check_no, { ...emptyCounts } as Record<CountedState, number>]))
  const rows = await database
    .selectFrom('host')
    .innerJoin('result_current', 'result_current.host_no', 'host.host_no')
    .select(['result_current.check_no', 'result_current.state', sql<number>`count(*)`.as('hosts')])
    .select(sql<number>`sum(case result_current.waiver when '' then 0 else 1 end)`.as('waived'))
    .where(({ and }) => and(inScope(database, scope)))
    .groupBy(['result_current.check_no', 'result_current.state'])
    .execute()
  const waivedOn = new Map<number, number>()
  for (const { check_no, state, hosts, waived } of rows) {
    const ofCheck = counts.get(check_no)
    if (ofCheck) ofCheck[stateOfCode(state)] = hosts
    waivedOn.set(check_no, (waivedOn.get(check_no) ?? 0) + Number(waived))
  }
  return known.map(({ check_no, id }) => {
    const { waivedFail: _, waivedError: __, ...found } = counts.get(check_no) ?? emptyCounts
    return { check: id, counts: found, waived: waivedOn.get(check_no) ?? 0 }
  })
}

export async function readScopedFleet(database: Kysely<Tables>, scope: Scope): Promise<FleetCounts> {
  const hosts = await database
    .selectFrom('host')
    .select(['host_no', 'tally'])
    .where(({ and }) => and(inScope(database, scope)))
    .execute()
  const drift = await database
    .selectFrom('drift')
    .innerJoin('host', 'host.host_no', 'drift.host_no')
    .select('drift.id')
    .where(({ and }) => and(inScope(database, scope)))
    .orderBy('drift.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const results = hosts.map(row => unpackTally(row.tally)).reduce(addTallies, emptyTally)
  return { hosts: hosts.length, results, lastDriftId: drift?.id ?? 0 }
}

function addTallies(one: Tally, other: Tally): Tally {
  const row = (severity: keyof Tally) =>
    Object.fromEntries(countedStates.map(state => [state, one[severity][state] + other[severity][state]]))
  return Object.fromEntries(severities.map(severity => [severity, row(severity)])) as unknown as Tally
}
