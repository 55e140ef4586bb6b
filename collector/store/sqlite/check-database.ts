// Reads a whole database and says what is wrong with it: pages, references, digests and counters.
import { facetDigest } from '../../../proto/canonical.ts'
import { migrations, schemaNumber } from '../sql/migrate.ts'
import { packedBodies } from '../sql/migrations/0002-packed-bodies.ts'
import { type PackedBody, unpackBody } from '../sql/pack-body.ts'
import { openReader, type SqliteHandle } from './open-database.ts'
import { sqliteConnection } from './sqlite-connection.ts'

export interface DatabaseCheck {
  /** number of the newest migration */
  readonly schema: number
  /** sentences, empty when everything is sound */
  readonly problems: readonly string[]
  /** rows by what they are */
  readonly rows: Readonly<Record<string, number>>
}

const shown = 20

/** @throws GabionError with code `store` when it cannot be opened */
export async function checkDatabase(path: string): Promise<DatabaseCheck> {
  const connection = openReader(path)
  try {
    const schema = await schemaNumber(sqliteConnection(connection).database)
    const known = migrations.at(-1)?.number ?? 0
    if (schema === 0 || schema > known) {
      return { schema, problems: [`has schema ${schema}, this program knows 1 to ${known}`], rows: {} }
    }
    const problems = [
      ...integrity(connection),
      ...references(connection),
      ...digests(connection, schema),
      ...histories(connection),
      ...counters(connection),
    ]
    return { schema, problems: problems.slice(0, shown), rows: countRows(connection) }
  } finally {
    connection.close()
  }
}

function integrity(connection: SqliteHandle): readonly string[] {
  const rows = connection.prepare('pragma integrity_check(20)').all([]) as { integrity_check: string }[]
  return rows.map(row => row.integrity_check).filter(line => line !== 'ok')
}

function references(connection: SqliteHandle): readonly string[] {
  const rows = connection.prepare('pragma foreign_key_check').all([]) as { table: string; parent: string }[]
  return rows.map(row => `a row of ${row.table} refers to a row of ${row.parent} that is not there`)
}

function digests(connection: SqliteHandle, schema: number): readonly string[] {
  const problems: string[] = []
  const packed = schema < packedBodies.number ? "x'' as packed" : 'packed'
  const query = `select digest, facet, schema_version, state, body, ${packed} from blob`
  const blobs = connection.prepare(query).iterate([])
  for (const blob of blobs as Iterable<{
    digest: string
    facet: string
    schema_version: number
    state: string
    body: string
    packed: Uint8Array
  }>) {
    if (digestOf(blob) !== blob.digest) {
      problems.push(`the body of ${blob.facet} ${blob.digest} has another digest`)
    }
  }
  return problems
}

function digestOf(blob: PackedBody & { facet: string; schema_version: number; state: string }): string | undefined {
  try {
    return facetDigest(blob.facet, blob.schema_version, blob.state, unpackBody(blob))
  } catch {
    return undefined
  }
}

/** What is current is the open end of its history, and there is one open end. */
function histories(connection: SqliteHandle): readonly string[] {
  const rows = connection
    .prepare(
      `select current.host_no, current.facet from facet_current as current
       left join facet_history as history
         on history.host_no = current.host_no and history.facet = current.facet
        and history.revision = current.revision and history.digest = current.digest and history.valid_to = 0
       where history.revision is null
       union
       select host_no, facet from facet_history where valid_to = 0 group by host_no, facet having count(*) <> 1`,
    )
    .all([]) as { host_no: number; facet: string }[]
  return rows.map(row => `the history of ${row.facet} of host ${row.host_no} does not end in its state`)
}

function counters(connection: SqliteHandle): readonly string[] {
  const rows = connection
    .prepare(
      `select check_no, state, sum(hosts) as hosts from (
         select check_no, state, hosts from result_count
         union all
         select check_no, state, -count(*) from result_current group by check_no, state
       ) group by check_no, state having sum(hosts) <> 0`,
    )
    .all([]) as { check_no: number; state: number; hosts: number }[]
  return rows.map(row => `the counter of check ${row.check_no}, state ${row.state} is off by ${row.hosts}`)
}

function countRows(connection: SqliteHandle): Readonly<Record<string, number>> {
  const count = (table: string) => {
    const [row] = connection.prepare(`select count(*) as count from ${table}`).all([]) as { count: number }[]
    return row?.count ?? 0
  }
  return {
    hosts: count('host'),
    facets: count('facet_current'),
    states: count('facet_history'),
    results: count('result_current'),
    'drift rows': count('drift'),
  }
}
