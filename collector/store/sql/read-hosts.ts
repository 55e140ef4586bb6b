// Reading hosts: pages by name or score, and one by its id.
import { type Kysely, type Selectable, sql } from 'kysely'
import { type Severity, severities } from '../../../policy/check.ts'
import { isoTime } from '../../../runtime/clock.ts'
import { decodeCursor } from '../cursor.ts'
import type { HostFilter, HostRecord, Page, PageRequest } from '../records.ts'
import type { StoreReader } from '../store.ts'
import { countedStates, countsOf, failedBySeverity, markOf, unpackTally, waivedOf } from '../tally.ts'
import { containsText, jsonNumberAt, numberList } from './dialect.ts'
import { hasLabel, inScope } from './in-scope.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

type HostReads = Pick<StoreReader, 'hosts' | 'hostCount' | 'host' | 'hostNumber'>

export function hostReads(database: Kysely<Tables>): HostReads {
  return {
    hosts: (filter, page) => readHosts(database, filter, page),
    hostCount: async filter => {
      const query = database.selectFrom(filtered(database, filter).as('found'))
      return (await query.select(({ fn }) => fn.countAll<number>().as('hosts')).executeTakeFirstOrThrow()).hosts
    },
    host: async (id, connected, scope) => {
      const query = database.selectFrom('host').selectAll().where('id', '=', id)
      const row = await query.where(({ and }) => and(inScope(database, scope))).executeTakeFirst()
      return row && toHostRecord(row, connected)
    },
    hostNumber: async (id, scope) => {
      const query = database.selectFrom('host').select('host_no').where('id', '=', id)
      const row = await query.where(({ and }) => and(inScope(database, scope))).executeTakeFirst()
      return row?.host_no
    },
  }
}

async function readHosts(
  database: Kysely<Tables>,
  filter: HostFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<HostRecord>> {
  const column = filter.sort
  const list = `hosts-by-${column}`
  let query = filtered(database, filter)
  if (cursor !== undefined) {
    const type = column === 'hostname' ? 'string' : 'number'
    const [value, number] = decodeCursor(list, cursor, [type, 'number'])
    query = query.where(sql<boolean>`(${sql.ref(column)}, host_no) > (${value}, ${number})`)
  }
  const rows = await query
    .orderBy(column)
    .orderBy('host_no')
    .limit(limit + 1)
    .execute()
  const keyOf = (last: Selectable<Tables['host']>) => [last[column], last.host_no]
  return pageOf(rows, limit, list, keyOf, row => toHostRecord(row, filter.connected))
}

function filtered(database: Kysely<Tables>, filter: HostFilter) {
  let query = database
    .selectFrom('host')
    .selectAll()
    .where(({ and }) => and(inScope(database, filter.scope)))
  if (filter.q !== undefined) {
    const { q } = filter
    query = query.where(({ or }) =>
      or(['hostname', 'host.id', 'machine_id'].map(column => containsText(database, column, q))),
    )
  }
  for (const { key, value } of filter.labels ?? []) query = query.where(hasLabel(database, key, value))
  if (filter.standing) query = query.where('standing', '=', filter.standing)
  if (filter.notStanding) query = query.where('standing', '<>', filter.notStanding)
  if (filter.lastSeenBeforeMs !== undefined) query = query.where('last_seen', '<', filter.lastSeenBeforeMs)
  if (filter.lastSeenSinceMs !== undefined) query = query.where('last_seen', '>=', filter.lastSeenSinceMs)
  if (filter.firstSeenSinceMs !== undefined) query = query.where('first_seen', '>=', filter.firstSeenSinceMs)
  if (filter.severity) query = query.where(failuresOf(database, filter.severity), '>', 0)
  if (filter.state) {
    const numbers = numberList(database, filter.connected)
    query = query.where('host_no', filter.state === 'connected' ? 'in' : 'not in', numbers)
  }
  return query
}

/** From the numbers that are kept with a host: its results would be read one after another where few of them fail. */
function failuresOf(database: Kysely<Tables>, severity: Severity) {
  return jsonNumberAt(database, 'host.tally', severities.indexOf(severity), countedStates.indexOf('fail'))
}

function toHostRecord(row: Selectable<Tables['host']>, connected: ReadonlySet<number>): HostRecord {
  const tally = unpackTally(row.tally)
  return {
    id: row.id,
    hostKey: row.host_key,
    hostname: row.hostname,
    machineId: row.machine_id,
    agentVersion: row.agent_version,
    profiles: JSON.parse(row.profiles),
    labels: JSON.parse(row.labels),
    firstSeen: isoTime(row.first_seen),
    lastSeen: isoTime(row.last_seen),
    connected: connected.has(row.host_no),
    standing: row.standing,
    ...markOf(tally),
    counts: countsOf(tally),
    waived: waivedOf(tally),
    failedBySeverity: failedBySeverity(tally),
  }
}
