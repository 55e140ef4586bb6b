// Puts a host into the cohorts that it belongs to now and takes it out of others, with counters and deviations.
import { type HostSelector, selectsHost } from '../../../policy/host-selector.ts'
import { heldBody, heldFacets, heldSince, type StateCount } from './cohort-states.ts'
import { type Connection, slot } from './connection.ts'
import { holding } from './hold-hosts.ts'

export interface Placement {
  /** after its labels, its name or its standing may be others */
  place(host: number): Promise<void>
  /** the same by its id */
  placeById(id: string): Promise<void>
  /** before it is taken away */
  leaveById(id: string): Promise<void>
}

type Statements = ReturnType<typeof prepareStatements>

/** @param states see `cohortStates` */
export function hostPlacement(connection: Connection, states: StateCount[]): Placement {
  const sql = prepareStatements(connection)
  const holdById = async (id: string) => (await sql.hold.get({ id }))?.host_no

  async function place(host: number): Promise<void> {
    const before = new Set((await sql.cohortsOf.all({ host })).map(({ cohort_no }) => cohort_no))
    const wanted = await cohortsFor(host, sql)
    const gone = [...before].filter(cohort => !wanted.has(cohort))
    const come = [...wanted].filter(cohort => !before.has(cohort))
    if (gone.length + come.length === 0) return
    const held = await sql.held.all({ host })
    for (const cohort of gone) leave(host, cohort, held)
    for (const cohort of come) await join(host, cohort, held)
  }

  async function join(host: number, cohort: number, held: readonly Held[]): Promise<void> {
    sql.join.send({ host, cohort })
    states.push(...countsOf(cohort, held, 1))
    const facets = new Map(held.map(one => [one.facet, one]))
    for (const { facet, blob_no } of await sql.pins.all({ cohort })) {
      const found = facets.get(facet)
      if (found && found.blob_no !== blob_no) sql.deviate.send({ host, cohort, facet, since: found.since })
    }
  }

  function leave(host: number, cohort: number, held: readonly Held[]): void {
    sql.conform.send({ host, cohort })
    sql.leave.send({ host, cohort })
    states.push(...countsOf(cohort, held, -1))
  }

  return {
    place,
    placeById: async id => {
      const host = await holdById(id)
      if (host !== undefined) await place(host)
    },
    leaveById: async id => {
      const host = await holdById(id)
      if (host === undefined) return
      const held = await sql.held.all({ host })
      for (const { cohort_no } of await sql.cohortsOf.all({ host })) leave(host, cohort_no, held)
    },
  }
}

interface Held {
  readonly facet: string
  readonly blob_no: number
  readonly since: number
}

function countsOf(cohort_no: number, held: readonly Held[], hosts: number): readonly StateCount[] {
  return [{ facet: '', blob_no: 0 }, ...held].map(({ facet, blob_no }) => ({ cohort_no, facet, blob_no, hosts }))
}

/** A retired host is in none. */
async function cohortsFor(host: number, sql: Statements): Promise<ReadonlySet<number>> {
  const cohorts = await sql.cohorts.all({})
  const row = cohorts.length === 0 ? undefined : await sql.host.get({ host })
  if (!row) return new Set()
  const identity = { id: row.id, hostname: row.hostname, labels: JSON.parse(row.labels) }
  const mine = cohorts.filter(({ hosts }) => selectsHost(JSON.parse(hosts) as HostSelector, identity))
  return new Set(mine.map(({ cohort_no }) => cohort_no))
}

function prepareStatements(connection: Connection) {
  const { database } = connection
  const host = slot<number>('host')
  const cohort = slot<number>('cohort')
  return {
    hold: connection.prepare(
      holding(database, database.selectFrom('host').select('host_no')).where('id', '=', slot<string>('id')),
    ),
    host: connection.prepare(
      database
        .selectFrom('host')
        .select(['id', 'hostname', 'labels'])
        .where('host_no', '=', host)
        .where('standing', '<>', 'retired'),
    ),
    cohorts: connection.prepare(database.selectFrom('cohort').select(['cohort_no', 'hosts']).where('in_force', '=', 1)),
    cohortsOf: connection.prepare(database.selectFrom('cohort_member').select('cohort_no').where('host_no', '=', host)),
    held: connection.prepare(
      heldFacets(database)
        .select(['facet_current.facet', heldBody.as('blob_no'), heldSince.as('since')])
        .where('facet_current.host_no', '=', host)
        .where(heldBody, '>', 0),
    ),
    pins: connection.prepare(
      database.selectFrom('cohort_pin').select(['facet', 'blob_no']).where('cohort_no', '=', cohort),
    ),
    join: connection.prepare(
      database
        .insertInto('cohort_member')
        .values({ cohort_no: cohort, host_no: host })
        .onConflict(conflict => conflict.columns(['cohort_no', 'host_no']).doNothing()),
    ),
    leave: connection.prepare(
      database.deleteFrom('cohort_member').where('cohort_no', '=', cohort).where('host_no', '=', host),
    ),
    deviate: connection.prepare(
      database
        .insertInto('cohort_deviation')
        .values({ cohort_no: cohort, host_no: host, facet: slot<string>('facet'), since: slot<number>('since') })
        .onConflict(conflict => conflict.columns(['cohort_no', 'facet', 'host_no']).doNothing()),
    ),
    conform: connection.prepare(
      database.deleteFrom('cohort_deviation').where('cohort_no', '=', cohort).where('host_no', '=', host),
    ),
  }
}
