// How many hosts have which result of a check: summed up and put just before the commit.
import type { AtCommit } from './at-commit.ts'
import type { Connection } from './connection.ts'
import { prepareRows } from './put-rows.ts'
import { summed } from './summed-rows.ts'

export type ResultCount = Readonly<Record<'check_no' | 'severity' | 'state' | 'hosts', number>>

/** @returns what is added to the counters */
export function resultCounts(connection: Connection, counts: AtCommit): ResultCount[] {
  const put = prepareRows(connection, {
    table: 'result_count',
    columns: { check_no: 'bigint', severity: 'bigint', state: 'bigint', hosts: 'bigint' },
    conflict: { keys: ['check_no', 'severity', 'state'], add: ['hosts'] },
  })
  return counts.rows<ResultCount>(rows => put(summed(rows, ['check_no', 'severity', 'state'], ['hosts'])))
}
