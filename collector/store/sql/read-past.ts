// Reading a host as it stood at a time: its facets and its results.
import type { Kysely } from 'kysely'
import { isoTime } from '../../../runtime/clock.ts'
import { decodeCursor } from '../cursor.ts'
import type { HistoryReader, ResultAtFilter } from '../history.ts'
import type { GapRecord, Page, PageRequest, ResultRecord } from '../records.ts'
import { parseDetail } from '../result-detail.ts'
import { severityCode, severityOfCode, stateCode, stateOfCode } from './codes.ts'
import { pageOf } from './page-of.ts'
import { readFacetsAt } from './read-facets.ts'
import type { Tables } from './tables.ts'

type PastReads = Pick<HistoryReader, 'resultsAt' | 'facetsAt' | 'gapAt'>

export function pastReads(database: Kysely<Tables>): PastReads {
  return {
    resultsAt: (filter, page) => readResultsAt(database, filter, page),
    facetsAt: async (hostId, atMs) => {
      const gaps = new Map((await readGapsAt(database, hostId, atMs)).map(gap => [gap.facet, gap]))
      const facets = await readFacetsAt(database, hostId, atMs)
      const items = facets.map(facet => {
        const gap = gaps.get(facet.facet)
        return gap ? { ...facet, gap } : facet
      })
      return { items, gone: await readGone(database, hostId, atMs) }
    },
    gapAt: async (hostId, facet, atMs) => (await readGapsAt(database, hostId, atMs)).find(gap => gap.facet === facet),
  }
}

/** Revisions count from one: when the oldest that is kept is another one and came later, what held then is gone. */
async function readGone(database: Kysely<Tables>, hostId: string, atMs: number): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('facet_history')
    .innerJoin('host', 'host.host_no', 'facet_history.host_no')
    .select('facet')
    .where('host.id', '=', hostId)
    .groupBy('facet')
    .having(({ fn }) => fn.min('revision'), '>', 1)
    .having(({ fn }) => fn.min('valid_from'), '>', atMs)
    .orderBy('facet')
    .execute()
  return rows.map(row => row.facet)
}

/** Gaps that the time is in; of each facet the newest comes last. */
async function readGapsAt(database: Kysely<Tables>, hostId: string, atMs: number): Promise<readonly GapRecord[]> {
  const rows = await database
    .selectFrom('facet_gap')
    .innerJoin('host', 'host.host_no', 'facet_gap.host_no')
    .select(['facet', 'valid_from', 'valid_to', 'changes', 'received_at'])
    .where('host.id', '=', hostId)
    .where('valid_from', '<=', atMs)
    .where('valid_to', '>', atMs)
    .orderBy('facet_gap.id')
    .execute()
  return rows.map(({ facet, valid_from, valid_to, changes, received_at }) => ({
    ...{ facet, from: isoTime(valid_from), to: isoTime(valid_to), changes, receivedAt: isoTime(received_at) },
  }))
}

const list = 'results-at'

async function readResultsAt(
  database: Kysely<Tables>,
  filter: ResultAtFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<ResultRecord>> {
  const [severity, check] = cursor === undefined ? [-1, -1] : decodeCursor(list, cursor, ['number', 'number'])
  const host = await database
    .selectFrom('host')
    .select(['host_no', 'id', 'hostname'])
    .where('id', '=', filter.hostId)
    .executeTakeFirst()
  if (!host) return { items: [] }
  const rows = (await stoodAt(database, host.host_no, filter.atMs))
    .filter(row => filter.state === undefined || row.state === stateCode(filter.state))
    .filter(row => filter.severity === undefined || row.severity === severityCode(filter.severity))
    .filter(row => filter.check === undefined || row.check === filter.check)
    .filter(row => row.severity > severity || (row.severity === severity && row.check_no > check))
    .sort((a, b) => a.severity - b.severity || a.check_no - b.check_no)
    .slice(0, limit + 1)
  const details = await detailsOf(
    database,
    rows.map(row => row.detail_no),
  )
  return pageOf(
    rows,
    limit,
    list,
    last => [last.severity, last.check_no],
    row => ({
      ...{ hostId: host.id, hostname: host.hostname, check: row.check, title: row.title },
      ...{ severity: severityOfCode(row.severity), state: stateOfCode(row.state) },
      ...parseDetail(details.get(row.detail_no) ?? ''),
      ...{ facets: JSON.parse(row.facets) as readonly string[], since: isoTime(row.since) },
    }),
  )
}

/** Of each check the result that was written last of those that stood then: there are as many as the host has checks. */
async function stoodAt(database: Kysely<Tables>, host: number, atMs: number) {
  const current = database
    .selectFrom('result_current as result')
    .innerJoin('check_known', 'check_known.check_no', 'result.check_no')
    .select([
      'result.check_no',
      'result.state',
      'result.severity',
      'detail_no',
      'since',
      'id as check',
      'title',
      'facets',
    ])
    .where('host_no', '=', host)
    .where('since', '<=', atMs)
  const ended = database
    .selectFrom('result_history as result')
    .innerJoin('check_known', 'check_known.check_no', 'result.check_no')
    .select(['result.check_no', 'result.state', 'result.severity', 'detail_no', 'since', 'check_known.id as check'])
    .select(['title', 'facets'])
    .where('host_no', '=', host)
    .where('since', '<=', atMs)
    .where('until', '>', atMs)
    .orderBy('result.id')
  const rows = [...(await ended.execute()), ...(await current.execute())]
  return [...new Map(rows.map(row => [row.check_no, row])).values()]
}

async function detailsOf(database: Kysely<Tables>, numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (numbers.length === 0) return new Map()
  const query = database
    .selectFrom('result_detail')
    .select(['detail_no', 'detail'])
    .where('detail_no', 'in', [...numbers])
  return new Map((await query.execute()).map(row => [row.detail_no, row.detail]))
}
