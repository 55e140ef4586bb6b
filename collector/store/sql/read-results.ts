// Reading results, checks with their counts, drift and the numbers of the fleet.
import { type Kysely, type Selectable, sql } from 'kysely'
import { resultStates, type Severity, severities } from '../../../policy/check.ts'
import { isoTime } from '../../../runtime/clock.ts'
import type { Scope } from '../access-records.ts'
import { decodeCursor } from '../cursor.ts'
import type { CheckRecord, FleetCounts, PageRequest, ResultFilter, ResultRecord } from '../records.ts'
import { parseDetail } from '../result-detail.ts'
import type { StoreReader } from '../store.ts'
import { type CountedState, countedStates, emptyCounts } from '../tally.ts'
import { countedOfCode, severityCode, severityOfCode, stateCode, stateOfCode } from './codes.ts'
import { pairOf, readFirstFailures } from './first-failures.ts'
import { inScope } from './in-scope.ts'
import { pageOf } from './page-of.ts'
import { readScopedChecks, readScopedFleet } from './scoped-counts.ts'
import type { Tables } from './tables.ts'

type ResultReads = Pick<StoreReader, 'results' | 'checks' | 'fleet'>

export function resultReads(database: Kysely<Tables>): ResultReads {
  return {
    results: async (filter, page) => {
      const rows = await readSorted(database, filter, page)
      const firstSeen = await readFirstFailures(database, rows)
      const keyOf = (last: ResultRow) => [last.severity, last.check_no, last.host_no]
      return pageOf(rows, page.limit, 'results', keyOf, row => toResultRecord(row, firstSeen))
    },
    checks: scope => (isWhole(scope) ? readChecks(database) : readScopedChecks(database, scope)),
    fleet: scope => (isWhole(scope) ? readFleet(database) : readScopedFleet(database, scope)),
  }
}

/** The counters are of the whole fleet. */
const isWhole = (scope: Scope | undefined): scope is undefined => Object.keys(scope ?? {}).length === 0

/** By severity, check and host: one more than the page takes. */
async function readSorted(database: Kysely<Tables>, filter: ResultFilter, { limit, cursor }: PageRequest) {
  const after = cursor === undefined ? undefined : decodeCursor('results', cursor, ['number', 'number', 'number'])
  const severities = filter.check === undefined ? undefined : await severitiesOf(database, filter.check)
  const hosts = await fewHostsOf(database, filter.scope)
  const read = (one: ResultFilter) => {
    let query = filteredResults(database, one, hosts)
    if (severities) query = query.where('result_current.severity', 'in', severities)
    if (after) query = query.where(sql<boolean>`${sortKey} > (${sql.join(after)})`)
    return query
      .orderBy('result_current.severity')
      .orderBy('result_current.check_no')
      .orderBy('result_current.host_no')
      .limit(limit + 1)
      .execute()
  }
  if (hosts?.length === 0 || severities?.length === 0) return []
  if (filter.state || hosts || isFew(filter)) return read(filter)
  // In this order stand the results of each state.
  const lists = await Promise.all(resultStates.map(state => read({ ...filter, state })))
  return lists
    .flat()
    .sort((a, b) => a.severity - b.severity || a.check_no - b.check_no || a.host_no - b.host_no)
    .slice(0, limit + 1)
}

const sortKey = sql`(result_current.severity, result_current.check_no, result_current.host_no)`

/** Those of a host and those with a waiver are looked up by that, whatever their states. */
const isFew = ({ hostId, waived }: ResultFilter) => hostId !== undefined || waived === true

/** Results of a check have the same severity, but for hosts that a rule gives another: it stands first in the indexes. */
async function severitiesOf(database: Kysely<Tables>, check: string): Promise<readonly number[]> {
  const rows = await database
    .selectFrom('result_count')
    .innerJoin('check_known', 'check_known.check_no', 'result_count.check_no')
    .select('result_count.severity')
    .distinct()
    .where('check_known.id', '=', check)
    .where('result_count.hosts', '>', 0)
    .execute()
  return rows.map(({ severity }) => severity)
}

/** Hosts of a scope that are so few that their results are looked up host by host. */
const maxFewHosts = 32

/** Store numbers of the hosts of a scope, undefined when they are many. */
async function fewHostsOf(database: Kysely<Tables>, scope: Scope | undefined): Promise<readonly number[] | undefined> {
  if (isWhole(scope)) return undefined
  const query = database
    .selectFrom('host')
    .select('host_no')
    .where(({ and }) => and(inScope(database, scope)))
  const rows = await query.limit(maxFewHosts + 1).execute()
  return rows.length > maxFewHosts ? undefined : rows.map(({ host_no }) => host_no)
}

/**
 * Goes over results first, in the order of an index: SQLite takes the tables of cross joins in the order they are named.
 * @param hosts of the scope, when they are few
 */
export function filteredResults(database: Kysely<Tables>, filter: ResultFilter, hosts?: readonly number[]) {
  let query = database
    .selectFrom('result_current')
    .crossJoin('host')
    .crossJoin('check_known')
    .crossJoin('result_detail')
    .leftJoin('waiver', 'waiver.id', 'result_current.waiver')
    .whereRef('host.host_no', '=', 'result_current.host_no')
    .whereRef('check_known.check_no', '=', 'result_current.check_no')
    .whereRef('result_detail.detail_no', '=', 'result_current.detail_no')
    .select([
      'result_current.host_no',
      'result_current.check_no',
      'result_current.state',
      'result_current.severity',
      'result_detail.detail',
      'result_current.since',
      'result_current.failing_since',
      'result_current.valid_until',
      'waiver.id as waiver_id',
      'waiver.reason as waiver_reason',
      'waiver.owner as waiver_owner',
      'waiver.ticket as waiver_ticket',
      'waiver.expires_at as waiver_expires_at',
      'host.id as host_id',
      'host.hostname',
      'host.last_seen',
      'check_known.id as check',
      'check_known.title',
      'check_known.facets',
    ])
    .where('check_known.in_force', '=', 1)
  const scope = inScope(database, filter.scope)
  // Found once; a sign keeps a column from being what results are looked up by.
  if (hosts) query = query.where('result_current.host_no', 'in', hosts)
  else if (scope.length > 0) {
    const seen = database
      .selectFrom('host')
      .select('host_no')
      .where(({ and }) => and(scope))
    query = query.where(sql<number>`+result_current.host_no`, 'in', seen)
  }
  const state = hosts || isFew(filter) ? sql<number>`+result_current.state` : sql.ref<number>('result_current.state')
  if (filter.state) query = query.where(state, '=', stateCode(filter.state))
  if (filter.severity) query = query.where('result_current.severity', '=', severityCode(filter.severity))
  if (filter.waived === true) query = query.where(sql<boolean>`result_current.waiver <> ''`)
  if (filter.waived === false) query = query.where(sql<boolean>`result_current.waiver = ''`)
  const { check, hostId } = filter
  if (check !== undefined) {
    const number = database.selectFrom('check_known').select('check_no').where('id', '=', check)
    query = query.where('result_current.check_no', '=', number)
  }
  if (hostId !== undefined) {
    const number = database.selectFrom('host').select('host_no').where('id', '=', hostId)
    query = query.where('result_current.host_no', '=', number)
  }
  return query
}

export type ResultRow = Pick<
  Selectable<Tables['result_current']>,
  'host_no' | 'check_no' | 'state' | 'severity' | 'since' | 'failing_since' | 'valid_until'
> & { readonly last_seen: number } & Readonly<
    Record<'detail' | 'host_id' | 'hostname' | 'check' | 'title' | 'facets', string>
  > &
  WaiverColumns

type WaiverColumns = Readonly<
  Record<'waiver_id' | 'waiver_reason' | 'waiver_owner' | 'waiver_ticket' | 'waiver_expires_at', string | null>
>

/** @param firstSeen of `readFirstFailures` */
export function toResultRecord(row: ResultRow, firstSeen: ReadonlyMap<string, number>): ResultRecord {
  return {
    hostId: row.host_id,
    hostname: row.hostname,
    check: row.check,
    title: row.title,
    severity: severityOfCode(row.severity),
    state: stateOfCode(row.state),
    ...parseDetail(row.detail),
    facets: JSON.parse(row.facets),
    since: isoTime(row.since),
    ...ages(row, firstSeen),
    ...validUntil(row.valid_until, row.waiver_expires_at),
    ...waiverOf(row),
  }
}

function ages(row: ResultRow, firstSeen: ReadonlyMap<string, number>) {
  if (row.failing_since === 0) return {}
  const failingSince = isoTime(row.failing_since)
  if (stateOfCode(row.state) !== 'fail') return { failingSince }
  const firstMs = Math.min(row.failing_since, firstSeen.get(pairOf(row)) ?? row.failing_since)
  return { failingSince, firstSeen: isoTime(firstMs), lastSeen: isoTime(Math.max(row.last_seen, row.since)) }
}

/** A result that carries a waiver holds until that ends at the latest. */
function validUntil(evaluatedMs: number, waiverExpiresAt: string | null): Pick<ResultRecord, 'validUntil'> {
  const ends = [...(evaluatedMs === 0 ? [] : [evaluatedMs]), ...(waiverExpiresAt ? [Date.parse(waiverExpiresAt)] : [])]
  return ends.length === 0 ? {} : { validUntil: isoTime(Math.min(...ends)) }
}

function waiverOf(row: WaiverColumns): Pick<ResultRecord, 'waiver'> {
  const { waiver_id: id, waiver_reason: reason, waiver_owner: owner, waiver_ticket: ticket } = row
  if (id === null || reason === null || owner === null || ticket === null || row.waiver_expires_at === null) return {}
  return { waiver: { id, reason, owner, ticket, expiresAt: row.waiver_expires_at } }
}

async function readChecks(database: Kysely<Tables>): Promise<readonly CheckRecord[]> {
  const rows = await database
    .selectFrom('check_known')
    .leftJoin('result_count', 'result_count.check_no', 'check_known.check_no')
    .select(['check_known.id', 'result_count.state', 'result_count.hosts'])
    .where('check_known.in_force', '=', 1)
    .orderBy('check_known.id')
    .execute()
  const checks = new Map<string, Record<CountedState, number>>()
  for (const { id, state, hosts } of rows) {
    const counts = checks.get(id) ?? { ...emptyCounts }
    checks.set(id, counts)
    if (state !== null && hosts !== null) counts[countedOfCode(state)] += hosts
  }
  return [...checks].map(([check, { waivedFail, waivedError, ...counts }]) => ({
    check,
    counts,
    waived: waivedFail + waivedError,
  }))
}

async function readFleet(database: Kysely<Tables>): Promise<FleetCounts> {
  const hosts = await database.selectFrom('host').select(sql<number>`count(*)`.as('hosts')).executeTakeFirstOrThrow()
  const drift = await database
    .selectFrom('drift')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  const rows = await database
    .selectFrom('result_count')
    .innerJoin('check_known', 'check_known.check_no', 'result_count.check_no')
    .select([
      'result_count.severity',
      'result_count.state',
      ({ fn }) => fn.sum<number>('result_count.hosts').as('count'),
    ])
    .where('check_known.in_force', '=', 1)
    .groupBy(['result_count.severity', 'result_count.state'])
    .execute()
  const counts = new Map(rows.map(row => [`${severityOfCode(row.severity)} ${countedOfCode(row.state)}`, row.count]))
  const ofSeverity = (severity: Severity) =>
    Object.fromEntries(countedStates.map(state => [state, counts.get(`${severity} ${state}`) ?? 0]))
  return {
    hosts: hosts.hosts,
    results: Object.fromEntries(severities.map(severity => [severity, ofSeverity(severity)])) as FleetCounts['results'],
    lastDriftId: drift?.id ?? 0,
  }
}
