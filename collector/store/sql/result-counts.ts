// How many hosts have which result of a check: summed up and put just before the commit.
import type { AtCommit } from './at-commit.ts'
import type { Connection } from './connection.ts'
import { prepareRows } from './put-rows.ts'

export type ResultCount = Readonly<Record<'check_no' | 'severity' | 'state' | 'hosts', number>>

/** @returns what is added to the counters */
export function resultCounts(connection: Connection, counts: AtCommit): ResultCount[] {
  const put = prepareRows(connection, {
    table: 'result_count',
    columns: { check_no: 'bigint', severity: 'bigint', state: 'bigint', hosts: 'bigint' },
    conflict: { keys: ['check_no', 'severity', 'state'], add: ['hosts'] },
  })
  return counts.rows<ResultCount>(rows => put(summed(rows)))
}

/** One row for each counter that changes, in the order of their keys: two collectors lock in the same order. */
function summed(changes: readonly ResultCount[]): readonly ResultCount[] {
  const sums = new Map<string, ResultCount>()
  for (const row of changes) {
    const key = `${row.check_no} ${row.severity} ${row.state}`
    sums.set(key, { ...row, hosts: (sums.get(key)?.hosts ?? 0) + row.hosts })
  }
  const rows = [...sums.values()].filter(({ hosts }) => hosts !== 0)
  return rows.sort((a, b) => a.check_no - b.check_no || a.severity - b.severity || a.state - b.state)
}
