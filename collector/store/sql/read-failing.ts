// Reading what fails by its age.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { type Severity, severities } from '../../../policy/check.ts'
import { decodeCursor } from '../cursor.ts'
import type { FailingFilter } from '../history.ts'
import type { Page, PageRequest, ResultFilter, ResultRecord } from '../records.ts'
import { severityCode, stateCode } from './codes.ts'
import { numberList } from './dialect.ts'
import { readFirstFailures } from './first-failures.ts'
import { inScope } from './in-scope.ts'
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
  const hosts = await fewHosts(database, filter)
  const found: ResultRow[] = []
  // Each severity is in order in the index: a page of all of them begins with the first rows of each.
  for (const severity of filter.severity ? [filter.severity] : severities) {
    const query = ofSeverity(database, { ...filter, severity }, hosts, after)
    found.push(...(await query.limit(limit + 1).execute()))
  }
  const rows = found
    .sort((a, b) => compare(keyOf(a), keyOf(b)) * (filter.sort === 'newest' ? -1 : 1))
    .slice(0, limit + 1)
  const firstSeen = await readFirstFailures(database, rows)
  return pageOf(rows, limit, list, keyOf, row => toResultRecord(row, firstSeen))
}

/** Of so many hosts all that fails is read and sorted; of more it is found on the way along the index. */
const fewAtMost = 50

/** @returns store numbers, undefined when they are many or all */
async function fewHosts(
  database: Kysely<Tables>,
  { hostId, scope }: FailingFilter,
): Promise<readonly number[] | undefined> {
  if (hostId === undefined && Object.keys(scope ?? {}).length === 0) return undefined
  let query = database.selectFrom('host').select('host_no')
  if (hostId !== undefined) query = query.where('id', '=', hostId)
  const rows = await query
    .where(({ and }) => and(inScope(database, scope)))
    .limit(fewAtMost + 1)
    .execute()
  return rows.length > fewAtMost ? undefined : rows.map(row => row.host_no)
}

/**
 * In order. A sign keeps a column from being what results are looked up by: those of few hosts are looked up by host, those
 * of a check by check, all others by their age.
 */
function ofSeverity(
  database: Kysely<Tables>,
  filter: FailingFilter & { readonly severity: Severity },
  hosts: readonly number[] | undefined,
  after: Key | undefined,
) {
  const { sort, severity, failingFromMs, failingBeforeMs } = filter
  const order = sort === 'newest' ? 'desc' : 'asc'
  const sign = (isLookedUp: boolean) => (isLookedUp ? sql`` : sql`+`)
  const since = sql<number>`${sign(!hosts && filter.check === undefined)}result_current.failing_since`
  const { severity: _, ...others } = filter
  let query = filteredResults(database, hosts ? withoutHosts(filter) : others)
    .where(sql<boolean>`${sign(!hosts)}result_current.state = ${fail}`)
    .where(sql<boolean>`${sign(!hosts)}result_current.severity = ${severityCode(severity)}`)
  if (hosts) query = query.where('result_current.host_no', 'in', numberList(database, hosts))
  if (failingFromMs !== undefined) query = query.where(sql<boolean>`${since} >= ${failingFromMs}`)
  if (failingBeforeMs !== undefined) query = query.where(sql<boolean>`${since} < ${failingBeforeMs}`)
  if (after) query = query.where(behind(since, after, severityCode(severity), order))
  return query.orderBy(since, order).orderBy('result_current.check_no', order).orderBy('result_current.host_no', order)
}

function withoutHosts({ check, waived }: FailingFilter): ResultFilter {
  return { ...(check === undefined ? {} : { check }), ...(waived === undefined ? {} : { waived }) }
}

const keyOf = (row: ResultRow): Key => [row.failing_since, row.severity, row.check_no, row.host_no]

function compare(a: Key, b: Key): number {
  return a.reduce((found, value, index) => found || value - (b[index] ?? 0), 0)
}

/** Rows of one severity that come after a key in the order of all. */
function behind(
  column: RawBuilder<number>,
  [since, severity, check, host]: Key,
  ofRows: number,
  order: 'asc' | 'desc',
): RawBuilder<boolean> {
  const than = order === 'asc' ? sql`>` : sql`<`
  if (ofRows === severity) {
    return sql<boolean>`(${column}, result_current.check_no, result_current.host_no) ${than} (${since}, ${check}, ${host})`
  }
  const isLater = order === 'asc' ? ofRows > severity : ofRows < severity
  return sql<boolean>`${column} ${than}${isLater ? sql`=` : sql``} ${since}`
}
