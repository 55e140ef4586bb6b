// Gives a cohort the hosts that its selector means now, or takes all away: some hosts at a time, in one transaction.
import { setImmediate } from 'node:timers/promises'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { type HostSelector, selectsHost } from '../../../policy/host-selector.ts'
import { heldBody, heldFacets, heldSince } from './cohort-states.ts'
import { numberList } from './dialect.ts'
import type { Tables } from './tables.ts'

/** Hosts between two turns of the event loop: a few milliseconds. */
const hostsAtOnce = 200
const rowsAtOnce = 2_000

const deviationColumns = ['cohort_no', 'facet', 'host_no', 'since'] as const

/** @param hosts undefined for none */
export async function fillCohort(
  database: Kysely<Tables>,
  cohort: number,
  hosts: HostSelector | undefined,
): Promise<void> {
  const before = new Set(await membersOf(database, cohort))
  const wanted = hosts === undefined ? new Set<number>() : await selected(database, hosts)
  const gone = [...before].filter(host => !wanted.has(host))
  const come = [...wanted].filter(host => !before.has(host))
  for (let start = 0; start < gone.length; start += hostsAtOnce) {
    await leave(database, cohort, gone.slice(start, start + hostsAtOnce))
    await setImmediate()
  }
  for (let start = 0; start < come.length; start += hostsAtOnce) {
    await join(database, cohort, come.slice(start, start + hostsAtOnce))
    await setImmediate()
  }
}

/** Holds everybody in a cohort against what is pinned now. */
export async function pinStates(
  database: Kysely<Tables>,
  cohort: number,
  facet: string,
  pinned: number,
  atMs: number,
): Promise<void> {
  await unpinStates(database, cohort, facet)
  const members = await membersOf(database, cohort)
  for (let start = 0; start < members.length; start += hostsAtOnce) {
    const list = numberList(database, members.slice(start, start + hostsAtOnce))
    const held = heldFacets(database)
      .select([sql.lit(cohort).as('cohort_no'), 'facet_current.facet', 'facet_current.host_no'])
      .select(sql.lit(atMs).as('since'))
      .where('facet_current.host_no', 'in', list)
      .where('facet_current.facet', '=', facet)
      .where(heldBody, '>', 0)
      .where(heldBody, '<>', pinned)
    await database
      .insertInto('cohort_deviation')
      .columns([...deviationColumns])
      .expression(held)
      .execute()
    await setImmediate()
  }
}

export async function unpinStates(database: Kysely<Tables>, cohort: number, facet: string): Promise<void> {
  await inPieces(database, limit => {
    return sql`delete from cohort_deviation where cohort_no = ${cohort} and facet = ${facet} and host_no in (
      select host_no from cohort_deviation where cohort_no = ${cohort} and facet = ${facet} limit ${limit})`
  })
}

async function membersOf(database: Kysely<Tables>, cohort: number): Promise<readonly number[]> {
  const query = database.selectFrom('cohort_member').select('host_no').where('cohort_no', '=', cohort)
  return (await query.orderBy('host_no').execute()).map(({ host_no }) => host_no)
}

async function selected(database: Kysely<Tables>, selector: HostSelector): Promise<ReadonlySet<number>> {
  const found = new Set<number>()
  for (let after = 0; ; await setImmediate()) {
    const rows = await database
      .selectFrom('host')
      .select(['host_no', 'id', 'hostname', 'labels'])
      .where('standing', '<>', 'retired')
      .where('host_no', '>', after)
      .orderBy('host_no')
      .limit(rowsAtOnce)
      .execute()
    for (const { host_no, labels, ...host } of rows) {
      if (selectsHost(selector, { ...host, labels: JSON.parse(labels) })) found.add(host_no)
    }
    const last = rows.at(-1)
    if (!last) return found
    after = last.host_no
  }
}

async function join(database: Kysely<Tables>, cohort: number, hosts: readonly number[]): Promise<void> {
  const list = numberList(database, hosts)
  await database
    .insertInto('cohort_member')
    .values(hosts.map(host_no => ({ cohort_no: cohort, host_no })))
    .execute()
  await count(database, cohort, hosts, 1)
  const differing = heldFacets(database)
    .innerJoin('cohort_pin', 'cohort_pin.facet', 'facet_current.facet')
    .select(['cohort_pin.cohort_no', 'facet_current.facet', 'facet_current.host_no'])
    .select(heldSince.as('since'))
    .where('cohort_pin.cohort_no', '=', cohort)
    .where('facet_current.host_no', 'in', list)
    .where(heldBody, '>', 0)
    .where(eb => eb(heldBody, '<>', eb.ref('cohort_pin.blob_no')))
  await database
    .insertInto('cohort_deviation')
    .columns([...deviationColumns])
    .expression(differing)
    .execute()
}

async function leave(database: Kysely<Tables>, cohort: number, hosts: readonly number[]): Promise<void> {
  const list = numberList(database, hosts)
  await count(database, cohort, hosts, -1)
  for (const table of ['cohort_deviation', 'cohort_member'] as const) {
    await database.deleteFrom(table).where('cohort_no', '=', cohort).where('host_no', 'in', list).execute()
  }
}

/** Adds what these hosts are to the counters, or takes it off. */
async function count(database: Kysely<Tables>, cohort: number, hosts: readonly number[], sign: 1 | -1): Promise<void> {
  const list = numberList(database, hosts)
  const rows = await heldFacets(database)
    .select(['facet_current.facet', heldBody.as('blob_no')])
    .select(({ fn }) => fn.countAll<number>().as('hosts'))
    .where('facet_current.host_no', 'in', list)
    .where(heldBody, '>', 0)
    .groupBy(['facet_current.facet', heldBody])
    .execute()
  const all = [{ facet: '', blob_no: 0, hosts: hosts.length }, ...rows]
  const counted = all.map(row => ({ ...row, cohort_no: cohort, hosts: sign * Number(row.hosts) }))
  for (let start = 0; start < counted.length; start += rowsAtOnce) {
    await database
      .insertInto('cohort_state')
      .values(counted.slice(start, start + rowsAtOnce))
      .onConflict(conflict =>
        conflict
          .columns(['cohort_no', 'facet', 'blob_no'])
          .doUpdateSet(({ eb, ref }) => ({ hosts: eb('cohort_state.hosts', '+', ref('excluded.hosts')) })),
      )
      .execute()
  }
  if (sign < 0)
    await database.deleteFrom('cohort_state').where('cohort_no', '=', cohort).where('hosts', '=', 0).execute()
}

/** Runs a deletion of at most so many rows until nothing is left. */
async function inPieces(database: Kysely<Tables>, remove: (limit: number) => RawBuilder<unknown>): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await remove(rowsAtOnce).execute(database)
    if (numAffectedRows === 0n) return
    await setImmediate()
  }
}
