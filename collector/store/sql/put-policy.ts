// Puts a policy in force: its checks, what it says about each, and the waivers of its files.
import { sql } from 'kysely'
import type { Waiver } from '../../../policy/waivers.ts'
import type { StoredPolicy } from '../policy-records.ts'
import { severityCode } from './codes.ts'
import type { Connection } from './connection.ts'

/** Checks in one statement. */
const rowsAtOnce = 100

export async function putPolicy(connection: Connection, policy: StoredPolicy): Promise<void> {
  const { database } = connection
  const { catalogVersion: version, entries, digests, waivers, atMs } = policy
  await database.updateTable('check_known').set({ in_force: 0 }).where('in_force', '=', 1).execute()
  const rows = sortedBy(entries, entry => entry.check).map(({ check, severity, title, facets }) => ({
    ...{ id: check, severity: severityCode(severity), title },
    ...{ facets: JSON.stringify(facets), in_force: 1 },
  }))
  // Others wait meanwhile.
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await database
      .insertInto('check_known')
      .values(rows.slice(from, from + rowsAtOnce))
      .onConflict(conflict =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          ...{ severity: ref('excluded.severity'), title: ref('excluded.title') },
          ...{ facets: ref('excluded.facets'), in_force: 1 },
        })),
      )
      .execute()
  }
  const said = { digests: JSON.stringify(Object.fromEntries(digests)), put_at: atMs }
  await database
    .insertInto('policy_version')
    .values({ version, ...said })
    .onConflict(conflict => conflict.column('version').doUpdateSet(said))
    .execute()
  await database
    .deleteFrom('policy_version')
    .where('version', '<>', version)
    .where(sql<boolean>`not exists (select 1 from host where judged_with like version || ' %')`)
    .execute()
  await putWaivers(connection, waivers)
  const row = { version: policy.version, put_at: atMs, put_by: policy.putBy, catalog: policy.catalog }
  await database
    .insertInto('policy_in_force')
    .values({ id: 1, revision: 1, ...row })
    .onConflict(conflict =>
      conflict
        .column('id')
        .doUpdateSet(({ ref }) => ({ ...row, revision: sql`${ref('policy_in_force.revision')} + 1` })),
    )
    .execute()
}

export async function addWaiver({ database }: Connection, waiver: Waiver): Promise<boolean> {
  const columns = columnsOf(waiver, 'api')
  const added = await database
    .insertInto('waiver')
    .values({ id: waiver.id, ...columns })
    .onConflict(conflict => conflict.column('id').doUpdateSet(columns).where('waiver.in_force', '=', 0))
    .executeTakeFirst()
  return changed(database, added.numInsertedOrUpdatedRows ?? 0n)
}

export async function removeWaiver({ database }: Connection, id: string): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('waiver')
    .set({ in_force: 0 })
    .where('id', '=', id)
    .where('source', '=', 'api')
    .where('in_force', '=', 1)
    .executeTakeFirst()
  return changed(database, numUpdatedRows)
}

/** Results that were made before are no more those of the waivers in force. */
async function changed(database: Connection['database'], rows: bigint): Promise<boolean> {
  if (rows === 0n) return false
  await database
    .updateTable('policy_in_force')
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .execute()
  return true
}

/** Two collectors put rows in the same order, so that they never wait for each other. */
const sortedBy = <T>(rows: readonly T[], key: (row: T) => string): readonly T[] =>
  [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1))

function columnsOf({ hosts, check, reason, owner, ticket, expiresAt }: Waiver, source: 'file' | 'api') {
  return {
    ...{ source, hosts: JSON.stringify(hosts), check_pattern: check },
    ...{ reason, owner, ticket, expires_at: expiresAt, in_force: 1 },
  }
}

async function putWaivers({ database }: Connection, waivers: readonly Waiver[]): Promise<void> {
  await database.updateTable('waiver').set({ in_force: 0 }).where('source', '=', 'file').execute()
  for (const waiver of sortedBy(waivers, ({ id }) => id)) {
    const columns = columnsOf(waiver, 'file')
    await database
      .insertInto('waiver')
      .values({ id: waiver.id, ...columns })
      .onConflict(conflict => conflict.column('id').doUpdateSet(columns))
      .execute()
  }
}
