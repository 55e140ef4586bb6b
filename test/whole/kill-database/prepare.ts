// Databases with something in them to kill somebody over: of every schema there was, and of a fleet that changed for weeks.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Kysely, sql } from 'kysely'
import type { Test } from 'tap'
import { databasePath } from '../../../collector/data-directory.ts'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { type DatabaseLocation, parseDatabaseLocation } from '../../../collector/store/database-location.ts'
import { patiently } from '../../../collector/store/postgres/open-client.ts'
import { databaseOn } from '../../../collector/store/postgres/postgres-connection.ts'
import { migrate, migrations } from '../../../collector/store/sql/migrate.ts'
import type { Tables } from '../../../collector/store/sql/tables.ts'
import { openReader, openWriter } from '../../../collector/store/sqlite/open-database.ts'
import { sqliteConnection } from '../../../collector/store/sqlite/sqlite-connection.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { changeOf, openDomain } from '../../collector/open-domain.ts'
import { smallState } from '../../small-facet.ts'

/** Where a database is: in its directory, or at a URL. */
export interface Place {
  readonly directory: string
  /** empty for SQLite */
  readonly url: string
}

export const locationOf = ({ directory, url }: Place): DatabaseLocation =>
  parseDatabaseLocation(url, databasePath(directory))

const fixture = join(import.meta.dirname, '../../fixtures/databases/schema-1.db.gz')
const numberedTables = [
  ...['host', 'blob', 'check_known', 'facet_current', 'facet_history', 'observation', 'outbox_progress'],
  ...['result_current', 'result_count', 'drift'],
]

/** Puts what a collector of the first schema left into an empty place, and brings it to a later schema. */
export async function putOld(place: Place, schema: number): Promise<void> {
  const list = migrations.slice(0, schema)
  if (place.url === '') {
    writeFileSync(databasePath(place.directory), gunzipSync(readFileSync(fixture)), { mode: 0o600 })
    const handle = openWriter(databasePath(place.directory))
    await migrate(sqliteConnection(handle).database, { nowMs: 1, list })
    handle.close()
    return
  }
  const aside = join(place.directory, 'schema-1.db')
  writeFileSync(aside, gunzipSync(readFileSync(fixture)))
  const source = openReader(aside)
  await patiently({ url: place.url }, async client => {
    const database = databaseOn(client)
    await migrate(database, { nowMs: 1, list: migrations.slice(0, 1) })
    for (const table of numberedTables) await putRows(database, table, source.prepare(`select * from ${table}`).all([]))
    await sql`select setval(pg_get_serial_sequence('host', 'host_no'), 100),
      setval(pg_get_serial_sequence('check_known', 'check_no'), 1000),
      setval(pg_get_serial_sequence('drift', 'id'), 1000)`.execute(database)
    await migrate(database, { nowMs: 1, list })
  })
  source.close()
}

async function putRows(database: Kysely<Tables>, table: string, rows: readonly unknown[]): Promise<void> {
  for (const row of rows as readonly Readonly<Record<string, unknown>>[]) {
    const columns = sql.join(Object.keys(row).map(name => sql.ref(name)))
    await sql`insert into ${sql.table(table)} (${columns}) values (${sql.join(Object.values(row))})`.execute(database)
  }
}

const dayMs = 86_400_000

/** Three hosts, each of which changed every few hours for forty days. @returns when the last one was, and a time on the twentieth day */
export async function putFleet(place: Place): Promise<{ readonly endMs: number; readonly cutMs: number }> {
  // Partitions are made for what comes.
  const startMs = systemClock.now()
  let nowMs = startMs
  const clock = { ...systemClock, now: () => nowMs }
  const teardown: (() => unknown)[] = []
  const t = { teardown: (work: () => unknown) => void teardown.push(work), testdir: () => place.directory }
  const where = { directory: place.directory, clock, ...(place.url !== '' && { database: place.url }) }
  const domain = await openDomain(t as unknown as Pick<Test, 'teardown' | 'testdir'>, where)
  const hosts = await Promise.all(['a', 'b', 'c'].map(name => domain.open(name)))
  for (let sequence = 1; sequence <= 160; sequence++) {
    nowMs = startMs + sequence * (dayMs / 4)
    await Promise.all(
      hosts.map(({ host }, index) => {
        const state = smallState({ a: (sequence * 7 + index) % 23, [`of-${index}`]: sequence }, 'x'.repeat(600))
        const change = changeOf(sequence, state, { observedAtMs: nowMs })
        return domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
      }),
    )
    if (sequence % 8 === 0) await domain.judging.idle()
  }
  await domain.judging.idle()
  await domain.store.write(transaction =>
    transaction.putGap(1, { facet: 'small', fromMs: 1, toMs: 2, changes: 3, receivedAtMs: startMs }),
  )
  await domain.close()
  for (const work of teardown) await work()
  return { endMs: nowMs, cutMs: startMs + 20 * dayMs + dayMs / 8 }
}
