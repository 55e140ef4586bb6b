// What partitions by time cost and save on PostgreSQL: states that begin and end, past states asked for, old ones taken away.
// Starts a server of its own. argv: hosts, changes of each (default 2000 and 20)
import { sql } from 'kysely'
import { patiently } from '../collector/store/postgres/open-client.ts'
import { databaseOn } from '../collector/store/postgres/postgres-connection.ts'
import { migrate, migrations } from '../collector/store/sql/migrate.ts'
import { timePartitions } from '../collector/store/sql/migrations/0018-time-partitions.ts'
import { dropPast, partitionedTables } from '../collector/store/sql/time-partitions.ts'
import { startPostgres } from '../test/start-postgres.ts'

const hosts = Number(process.argv[2] ?? 2_000)
const changes = Number(process.argv[3] ?? 20)
const dayMs = 86_400_000
const ending: (() => unknown)[] = []
const server = await startPostgres({ teardown: (work: () => unknown) => void ending.push(work) } as never)

async function measure(name: string, list: typeof migrations): Promise<void> {
  const url = await server.database()
  await patiently({ url }, async client => {
    const database = databaseOn(client)
    const nowMs = Date.now()
    const timed = async (what: string, times: number, work: () => Promise<unknown>) => {
      const startedMs = performance.now()
      await work()
      const ms = performance.now() - startedMs
      process.stdout.write(
        `${name.padEnd(12)} ${what.padEnd(34)} ${((ms * 1000) / times).toFixed(1)} µs each, ${ms.toFixed(0)} ms\n`,
      )
    }
    await migrate(database, { nowMs, list })
    await sql`insert into blob (digest, facet, schema_version, state, body) values ('d', 'x', 1, 'present', '{}')`.execute(
      database,
    )
    await sql`insert into host (host_no, id, host_key, hostname, machine_id, boot_id, agent_version, labels, skew_ms,
      first_seen, last_seen, score, coverage, tally, profiles, judged_with, next_judgement)
      select n, n::text, n::text, 'h', '', '', '1', '{}', 0, 1, 2, 100, 100, '', '[]', '', 0
      from generate_series(1, ${sql.lit(hosts)}) as n`.execute(database)
    await timed('a state begins, the one before ends', hosts * changes, async () => {
      for (let revision = 1; revision <= changes; revision++) {
        const at = nowMs + Math.floor((revision * 50 * dayMs) / changes)
        await sql`update facet_history set valid_to = ${sql.lit(at)} where facet = 'x' and valid_to = 0
          and (host_no, revision) in (select host_no, ${sql.lit(revision - 1)} from host)`.execute(database)
        await sql`insert into facet_history (host_no, facet, revision, blob_no, valid_from, valid_to, observed_at, received_at)
          select host_no, 'x', ${sql.lit(revision)}, 1, ${sql.lit(at)}, 0, ${sql.lit(at)}, ${sql.lit(at)} from host`.execute(
          database,
        )
      }
    })
    await sql`analyze`.execute(database)
    const at = nowMs + 40 * dayMs
    await timed('a state at a past time', hosts, async () => {
      const text = `select * from facet_history where host_no = $1 and facet = 'x' and valid_from <= $2
        and (valid_to > $2 or valid_to = 0) order by revision desc limit 1`
      for (let host = 1; host <= hosts; host++) await client.query({ name: 'at', text, values: [host, at] })
    })
    await timed('a page of the history of a host', hosts, async () => {
      const text = `select * from facet_history where host_no = $1 and facet = 'x' order by revision desc limit 50`
      for (let host = 1; host <= hosts; host++) await client.query({ name: 'page', text, values: [host] })
    })
    const beforeMs = nowMs + 30 * dayMs
    let gone = 0
    await timed('what ended 30 days ago goes', 1, async () => {
      if (list.includes(timePartitions)) gone = await dropPast(database, partitionedTables.history, beforeMs)
      else {
        for (let rows = 200; rows === 200; ) {
          const deleted = await sql`delete from facet_history where (host_no, facet, revision) in (
            select host_no, facet, revision from facet_history
            where valid_to > 0 and valid_to < ${sql.lit(beforeMs)} order by valid_to limit 200)`.execute(database)
          rows = Number(deleted.numAffectedRows)
          gone += rows
        }
      }
    })
    process.stdout.write(`${name.padEnd(12)} ${gone} rows went\n`)
  })
}

try {
  await measure(
    'whole',
    migrations.filter(migration => migration !== timePartitions),
  )
  await measure('partitioned', migrations)
} finally {
  for (const work of ending) await work()
}
