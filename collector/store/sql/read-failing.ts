// Reading what fails by its age.
import { type Kysely, sql } from 'kysely'
import { severities } from '../../../policy/check.ts'
import { decodeCursor } from '../cursor.ts'
import type { FailingFilter } from '../history.ts'
import type { Page, PageRequest, ResultRecord } from '../records.ts'
import { severityCode, stateCode } from './codes.ts'
import { readFirstFailures } from './first-failures.ts'
import { pageOf } from './page-of.ts'
import { filteredResults, type ResultRow, toResultRecord } from './read-results.ts'
import type { Tables } from './tables.ts'

const fail = sql.lit(stateCode('fail'))

/** Where a page begins: what it has in common with an index is a row of it. */
type Key = readonly [failingSince: number, severity: number, check: number, host: number]

export async function readFailing(
  database: Kysely<Tables>,
  filter: FailingFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<ResultRecord>> {
  const list = `findings-${filter.sort}`
  const after = cursor === undefined ? undefined : decodeCursor(list, cursor, ['number', 'number', 'number', 'number'])
  // Each severity is in order in the index: a page of all of them begins with the first rows of each.
  const wanted = filter.severity ? [filter.severity] : severities
  const found: ResultRow[] = []
  for (const severity of wanted) found.push(...(await readOf({ ...filter, severity }, after, limit + 1)))
  const rows = found
    .sort((a, b) => compare(keyOf(a), keyOf(b)) * (filter.sort === 'newest' ? -1 : 1))
    .slice(0, limit + 1)
  const firstSeen = await readFirstFailures(database, rows)
  return pageOf(rows, limit, list, keyOf, row => toResultRecord(row, firstSeen))

  function readOf(one: FailingFilter, key: Key | undefined, most: number): Promise<readonly ResultRow[]> {
    const order = one.sort === 'newest' ? 'desc' : 'asc'
    let query = filteredResults(database, one).where(sql<boolean>`result_current.state = ${fail}`)
    if (one.failingFromMs !== undefined) query = query.where('result_current.failing_since', '>=', one.failingFromMs)
    if (one.failingBeforeMs !== undefined) query = query.where('result_current.failing_since', '<', one.failingBeforeMs)
    if (key) query = query.where(behind(key, severityCode(one.severity ?? 'low'), order))
    return query
      .orderBy('result_current.failing_since', order)
      .orderBy('result_current.check_no', order)
      .orderBy('result_current.host_no', order)
      .limit(most)
      .execute()
  }
}

const keyOf = (row: ResultRow): Key => [row.failing_since, row.severity, row.check_no, row.host_no]

function compare(a: Key, b: Key): number {
  return a.reduce((found, value, index) => found || value - (b[index] ?? 0), 0)
}

/** Rows of one severity that come after a key in the order of all. */
function behind([since, severity, check, host]: Key, ofRows: number, order: 'asc' | 'desc') {
  const than = order === 'asc' ? sql`>` : sql`<`
  if (ofRows === severity) {
    return sql<boolean>`(result_current.failing_since, result_current.check_no, result_current.host_no)
      ${than} (${since}, ${check}, ${host})`
  }
  const isLater = order === 'asc' ? ofRows > severity : ofRows < severity
  return sql<boolean>`result_current.failing_since ${than}${isLater ? sql`=` : sql``} ${since}`
}
