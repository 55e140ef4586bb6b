// Reads every table and says what is wrong: digests, histories and counters, on any database.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { facetDigest } from '../../../proto/canonical.ts'
import { cohortProblems } from './check-cohorts.ts'
import { migrations, newestSchema } from './migrate.ts'
import { packedBodies } from './migrations/0002-packed-bodies.ts'
import { type PackedBody, unpackBody } from './pack-body.ts'
import { missingOf, waitingText } from './plan-migrations.ts'
import { readSchema, type Schema } from './schema.ts'
import type { Tables } from './tables.ts'
import { waivedState } from './waived-state.ts'

export interface DatabaseCheck {
  /** number of the newest migration */
  readonly schema: number
  /** sentences, empty when everything is sound */
  readonly problems: readonly string[]
  /** sentences on what waits, and on who wrote it */
  readonly notes: readonly string[]
  /** rows by what they are */
  readonly rows: Readonly<Record<string, number>>
}

const shown = 20
const bodiesAtOnce = 200

/** @param own what only this database can say of itself */
export async function checkTables(
  database: Kysely<Tables>,
  own: () => Promise<readonly string[]> = async () => [],
): Promise<DatabaseCheck> {
  const found = await readSchema(database)
  const { number: schema } = found
  if (schema === 0 || (schema > newestSchema && found.worksWith > newestSchema)) {
    const problems = [`has schema ${schema}, this program knows 1 to ${newestSchema}`]
    return { schema, problems, notes: [], rows: {} }
  }
  const isOlder = missingOf(migrations, found).some(({ kind }) => kind !== 'contract')
  const problems = [
    ...(await own()),
    ...(await digests(database, schema)),
    // Tables of an older schema are read as far as a migration reads them.
    ...(isOlder
      ? []
      : [...(await histories(database)), ...(await counters(database)), ...(await cohortProblems(database))]),
  ]
  return { schema, problems: problems.slice(0, shown), notes: notesOn(found), rows: await countRows(database) }
}

function notesOn(schema: Schema): readonly string[] {
  const { number } = schema
  const newer = `a newer version made schema ${number}; this one knows up to ${newestSchema} and works with it`
  const waiting = missingOf(migrations, schema).filter(migration => migration.kind === 'contract')
  return [...(number > newestSchema ? [newer] : []), ...waiting.map(waitingText)]
}

type BlobRow = PackedBody & { digest: string; facet: string; schema_version: number; state: string }

async function digests(database: Kysely<Tables>, schema: number): Promise<readonly string[]> {
  const problems: string[] = []
  const packed = schema < packedBodies.number ? sql`x'' as packed` : sql`packed`
  for (let after = ''; ; ) {
    const { rows } = await sql<BlobRow>`select digest, facet, schema_version, state, body, ${packed} from blob
      where digest > ${after} order by digest limit ${sql.lit(bodiesAtOnce)}`.execute(database)
    for (const blob of rows) {
      if (digestOf(blob) !== blob.digest) problems.push(`the body of ${blob.facet} ${blob.digest} has another digest`)
    }
    const last = rows.at(-1)
    if (!last) return problems
    after = last.digest
  }
}

function digestOf(blob: BlobRow): string | undefined {
  try {
    return facetDigest(blob.facet, blob.schema_version, blob.state, unpackBody(blob))
  } catch {
    return undefined
  }
}

/** What is current is the open end of its history, and there is one open end. */
async function histories(database: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ host_no: number; facet: string }>`
    select latest.host_no, latest.facet from facet_current as latest
      left join facet_history as history
        on history.host_no = latest.host_no and history.facet = latest.facet
       and history.revision = latest.revision and history.blob_no = latest.blob_no and history.valid_to = 0
      where history.revision is null
    union
    select host_no, facet from facet_history where valid_to = 0 group by host_no, facet having count(*) <> 1
  `.execute(database)
  return rows.map(row => `the history of ${row.facet} of host ${row.host_no} does not end in its state`)
}

async function counters(database: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ check_no: number; state: number; hosts: number }>`
    select check_no, state, sum(hosts) as hosts from (
      select check_no, severity, state, hosts from result_count
      union all
      select check_no, severity, state, -count(*) from result_current group by check_no, severity, state
      union all
      select check_no, severity, ${waivedState}, -count(*)
        from result_current as result where waiver <> '' group by check_no, severity, state
    ) as counted group by check_no, severity, state having sum(hosts) <> 0
  `.execute(database)
  return rows.map(row => `the counter of check ${row.check_no}, state ${row.state} is off by ${row.hosts}`)
}

async function countRows(database: Kysely<Tables>): Promise<Readonly<Record<string, number>>> {
  const count = async (table: RawBuilder<unknown>) => {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${table}`.execute(database)
    return rows[0]?.count ?? 0
  }
  return {
    hosts: await count(sql.table('host')),
    facets: await count(sql.table('facet_current')),
    states: await count(sql.table('facet_history')),
    results: await count(sql.table('result_current')),
    'drift rows': await count(sql.table('drift')),
  }
}
