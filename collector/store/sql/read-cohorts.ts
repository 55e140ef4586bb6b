// Reading cohorts: how many hosts each has, how these are, what is pinned, and who differs from it.
import { setImmediate } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { HostSelector } from '../../../policy/host-selector.ts'
import { isoTime } from '../../../runtime/clock.ts'
import type { Scope } from '../access-records.ts'
import type {
  CohortFacetRecord,
  CohortReader,
  CohortRecord,
  DeviationFilter,
  DeviationRecord,
  PinRecord,
} from '../cohort-records.ts'
import { decodeCursor } from '../cursor.ts'
import type { Page, PageRequest } from '../records.ts'
import { heldBody, heldFacets } from './cohort-states.ts'
import { numberList } from './dialect.ts'
import { inScope } from './in-scope.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

export function cohortReads(database: Kysely<Tables>): CohortReader {
  return {
    cohorts: async scope => (await cohortRows(database, scope).orderBy('cohort.id').execute()).map(toCohort),
    cohort: async (id, scope) => {
      const row = await cohortRows(database, scope).where('cohort.id', '=', id).executeTakeFirst()
      return row && toCohort(row)
    },
    cohortFacets: async (id, scope) => {
      const cohort = await numberOf(database, id)
      if (cohort === undefined) return []
      return toFacets(
        database,
        await (isScoped(scope) ? seenStates(database, cohort, scope) : counters(database, cohort)),
      )
    },
    pins: (id, scope) => readPins(database, id, scope),
    deviations: (filter, page) => readDeviations(database, filter, page),
  }
}

/** Hosts between two turns of the event loop: some milliseconds. */
const hostsAtOnce = 500

const isScoped = (scope: Scope | undefined): boolean => Object.keys(scope ?? {}).length > 0

/** Numbers of the hosts in a scope, found once for all cohorts. */
function seenHosts(database: Kysely<Tables>, scope: Scope | undefined) {
  return database
    .selectFrom('host')
    .select('host_no')
    .where('standing', '<>', 'retired')
    .where(({ and }) => and(inScope(database, scope)))
}

function cohortRows(database: Kysely<Tables>, scope: Scope | undefined) {
  const counted = isScoped(scope)
    ? database
        .with('seen', () => seenHosts(database, scope))
        .selectFrom('cohort_member')
        .innerJoin('seen', 'seen.host_no', 'cohort_member.host_no')
        .select(['cohort_no', ({ fn }) => fn.countAll<number>().as('members')])
        .groupBy('cohort_no')
    : database
        .selectFrom('cohort_state')
        .select(['cohort_no', 'hosts as members'])
        .where('facet', '=', '')
        .where('blob_no', '=', 0)
  const query = database
    .selectFrom('cohort')
    .leftJoin(counted.as('counted'), 'counted.cohort_no', 'cohort.cohort_no')
    .select(['cohort.id', 'source', 'description', 'cohort.hosts', 'changed_at', 'counted.members'])
    .select(sql<number>`(select count(*) from cohort_pin where cohort_pin.cohort_no = cohort.cohort_no)`.as('pins'))
    .where('in_force', '=', 1)
  return isScoped(scope) ? query.where('counted.members', '>', 0) : query
}

interface CohortRow {
  readonly id: string
  readonly source: 'file' | 'api'
  readonly description: string
  readonly hosts: string
  readonly changed_at: number
  readonly members: number | null
  readonly pins: number
}

function toCohort({ id, source, description, hosts, changed_at, members, pins }: CohortRow): CohortRecord {
  const counts = { members: Number(members ?? 0), pins: Number(pins) }
  return {
    id,
    source,
    description,
    hosts: JSON.parse(hosts) as HostSelector,
    ...counts,
    changedAt: isoTime(changed_at),
  }
}

async function numberOf(database: Kysely<Tables>, id: string): Promise<number | undefined> {
  const query = database.selectFrom('cohort').select('cohort_no').where('id', '=', id).where('in_force', '=', 1)
  return (await query.executeTakeFirst())?.cohort_no
}

/** How many hosts are in which state. */
const counters = (database: Kysely<Tables>, cohort: number): Promise<readonly StateRow[]> =>
  database
    .selectFrom('cohort_state')
    .select(['facet', 'blob_no', 'hosts'])
    .where('cohort_no', '=', cohort)
    .where('facet', '<>', '')
    .execute()

/** The same of the hosts that may be seen: counted now, some hosts at a time, so that nobody waits long meanwhile. */
async function seenStates(
  database: Kysely<Tables>,
  cohort: number,
  scope: Scope | undefined,
): Promise<readonly StateRow[]> {
  const members = await database
    .selectFrom('cohort_member')
    .select('host_no')
    .where('cohort_no', '=', cohort)
    .where('host_no', 'in', seenHosts(database, scope))
    .execute()
  const found = new Map<string, StateRow>()
  for (let start = 0; start < members.length; start += hostsAtOnce) {
    const hosts = members.slice(start, start + hostsAtOnce).map(({ host_no }) => host_no)
    const rows = await heldFacets(database)
      .select(['facet_current.facet', heldBody.as('blob_no'), ({ fn }) => fn.countAll<number>().as('hosts')])
      .where('facet_current.host_no', 'in', numberList(database, hosts))
      .where(heldBody, '>', 0)
      .groupBy(['facet_current.facet', heldBody])
      .execute()
    for (const { facet, blob_no, hosts } of rows) {
      const name = `${facet} ${blob_no}`
      found.set(name, { facet, blob_no, hosts: Number(hosts) + (found.get(name)?.hosts ?? 0) })
    }
    await setImmediate()
  }
  return [...found.values()]
}

interface StateRow {
  readonly facet: string
  readonly blob_no: number
  readonly hosts: number
}

/** Of states that are as frequent the one that was first. */
async function toFacets(database: Kysely<Tables>, rows: readonly StateRow[]): Promise<readonly CohortFacetRecord[]> {
  const facets = new Map<string, { known: number; states: number; most: StateRow }>()
  for (const row of rows) {
    const found = facets.get(row.facet) ?? { known: 0, states: 0, most: row }
    facets.set(row.facet, found)
    found.known += Number(row.hosts)
    found.states++
    const lead = Number(row.hosts) - Number(found.most.hosts)
    if (lead > 0 || (lead === 0 && row.blob_no < found.most.blob_no)) found.most = row
  }
  const bodies = [...facets.values()].map(({ most }) => most.blob_no)
  const digests = bodies.length === 0 ? [] : await digestsOf(database, bodies)
  const digestOf = new Map(digests.map(({ blob_no, digest }) => [blob_no, digest]))
  return [...facets]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([facet, { known, states, most }]) => ({
      ...{ facet, known, states },
      majority: { digest: digestOf.get(most.blob_no) ?? '', hosts: Number(most.hosts) },
    }))
}

const digestsOf = (database: Kysely<Tables>, bodies: readonly number[]) =>
  database.selectFrom('blob').select(['blob_no', 'digest']).where('blob_no', 'in', bodies).execute()

async function readPins(database: Kysely<Tables>, id: string, scope: Scope | undefined): Promise<readonly PinRecord[]> {
  const rows = await database
    .selectFrom('cohort_pin')
    .innerJoin('cohort', 'cohort.cohort_no', 'cohort_pin.cohort_no')
    .innerJoin('blob', 'blob.blob_no', 'cohort_pin.blob_no')
    .select(['cohort_pin.cohort_no', 'cohort_pin.facet', 'cohort_pin.blob_no', 'pinned_at', 'pinned_by'])
    .select(['digest', 'state', 'schema_version'])
    .where('cohort.id', '=', id)
    .where('in_force', '=', 1)
    .orderBy('cohort_pin.facet')
    .execute()
  const pins: PinRecord[] = []
  for (const { cohort_no, facet, blob_no, digest, state, schema_version, pinned_at, pinned_by } of rows) {
    const deviating = deviationRows(database, { cohort: id, facet, ...(scope && { scope }) })
    const { hosts } = await deviating.select(({ fn }) => fn.countAll<number>().as('hosts')).executeTakeFirstOrThrow()
    const conforming = await conformingHosts(database, { cohort: cohort_no, facet, body: blob_no }, scope)
    pins.push({
      ...{ facet, digest, state: state === 'absent' ? 'absent' : 'present', schemaVersion: schema_version },
      ...{ pinnedAt: isoTime(pinned_at), pinnedBy: pinned_by },
      ...{ conforming, deviating: Number(hosts) },
    })
  }
  return pins
}

async function conformingHosts(
  database: Kysely<Tables>,
  { cohort, facet, body }: { readonly cohort: number; readonly facet: string; readonly body: number },
  scope: Scope | undefined,
): Promise<number> {
  if (!isScoped(scope)) {
    const query = database.selectFrom('cohort_state').select('hosts').where('cohort_no', '=', cohort)
    return (await query.where('facet', '=', facet).where('blob_no', '=', body).executeTakeFirst())?.hosts ?? 0
  }
  const { hosts } = await heldFacets(database)
    .innerJoin('cohort_member', 'cohort_member.host_no', 'facet_current.host_no')
    .select(({ fn }) => fn.countAll<number>().as('hosts'))
    .where('cohort_member.cohort_no', '=', cohort)
    .where('facet_current.facet', '=', facet)
    .where(heldBody, '=', body)
    .where('facet_current.host_no', 'in', seenHosts(database, scope))
    .executeTakeFirstOrThrow()
  return Number(hosts)
}

function deviationRows(database: Kysely<Tables>, { cohort, facet, scope }: DeviationFilter) {
  const query = database
    .selectFrom('cohort_deviation')
    .where('cohort_deviation.cohort_no', '=', ({ selectFrom }) =>
      selectFrom('cohort').select('cohort_no').where('id', '=', cohort).where('in_force', '=', 1),
    )
    .$if(facet !== undefined, some => some.where('cohort_deviation.facet', '=', facet ?? ''))
  if (!isScoped(scope)) return query
  return query.where('cohort_deviation.host_no', 'in', seenHosts(database, scope))
}

async function readDeviations(
  database: Kysely<Tables>,
  filter: DeviationFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<DeviationRecord>> {
  const list = `deviations-${filter.cohort}-${filter.facet ?? ''}`
  let page = deviationRows(database, filter)
  if (cursor !== undefined) {
    const [facet, host] = decodeCursor(list, cursor, ['string', 'number'])
    page = page.where(sql<boolean>`(cohort_deviation.facet, cohort_deviation.host_no) > (${facet}, ${host})`)
  }
  const shown = page
    .select(['cohort_deviation.cohort_no', 'cohort_deviation.facet', 'cohort_deviation.host_no', 'since'])
    .orderBy('cohort_deviation.facet')
    .orderBy('cohort_deviation.host_no')
    .limit(limit + 1)
  const rows = await database
    .selectFrom(shown.as('shown'))
    .innerJoin('host', 'host.host_no', 'shown.host_no')
    .innerJoin('cohort_pin', join =>
      join.onRef('cohort_pin.cohort_no', '=', 'shown.cohort_no').onRef('cohort_pin.facet', '=', 'shown.facet'),
    )
    .innerJoin('blob as pinned', 'pinned.blob_no', 'cohort_pin.blob_no')
    .innerJoin('facet_current', join =>
      join.onRef('facet_current.host_no', '=', 'shown.host_no').onRef('facet_current.facet', '=', 'shown.facet'),
    )
    .innerJoin('blob as body', 'body.blob_no', 'facet_current.blob_no')
    .innerJoin('blob as held', join => join.on('held.blob_no', '=', heldBody))
    .select(['host.id', 'host.hostname', 'shown.host_no', 'shown.facet', 'shown.since'])
    .select(['held.digest', 'pinned.digest as pinned'])
    .orderBy('shown.facet')
    .orderBy('shown.host_no')
    .execute()
  const keyOf = (last: (typeof rows)[number]) => [last.facet, last.host_no]
  return pageOf(rows, limit, list, keyOf, ({ id, hostname, facet, since, digest, pinned }) => ({
    ...{ hostId: id, hostname, facet, since: isoTime(since), digest, pinned },
  }))
}
