// A whole database: copied to another kind and back, backed up while it is written to, shrunk, migrated with data in it.
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import type { DatabaseLocation } from '../../../collector/store/database-location.ts'
import { backUpStore, checkStore, copyStore, migrateStore, vacuumStore } from '../../../collector/store/look-after.ts'
import { openStore } from '../../../collector/store/open-store.ts'
import { migrate, migrations, newestSchema } from '../../../collector/store/sql/migrate.ts'
import { tableKeys } from '../../../collector/store/sql/table-keys.ts'
import { openReader, openWriter } from '../../../collector/store/sqlite/open-database.ts'
import { sqliteConnection } from '../../../collector/store/sqlite/sqlite-connection.ts'
import { everyHost } from '../../../policy/host-selector.ts'
import { canonicalBody } from '../../../proto/seal.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { smallState } from '../../small-facet.ts'
import { startPostgres, whyNoPostgres } from '../../start-postgres.ts'
import { changeOf, openDomain } from '../open-domain.ts'

t.setTimeout(120_000)

const silent = () => undefined

/** A database with everything in it. @returns its path */
async function filled(t: Test): Promise<string> {
  const domain = await openDomain(t)
  for (const name of ['a', 'b', 'c']) {
    const { host } = await domain.open(name)
    for (let sequence = 1; sequence <= 4; sequence++) {
      const change = changeOf(sequence, smallState({ [name]: sequence * 7, same: 1 }))
      await domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
    }
  }
  await domain.store.write(async transaction => {
    const entry = { atMs: 1, actor: 'a', address: '', requestId: '', action: 'x', target: '', outcome: 'done' } as const
    await transaction.appendAudit({ ...entry, detail: { 'ü"\\': 1 } })
    await transaction.putGap(1, { facet: 'small', fromMs: 1, toMs: 2, changes: 3, receivedAtMs: 4 })
    await transaction.addCohort({ id: 'all', description: 'ü"', hosts: everyHost }, 1)
    const { digest } = smallState({ a: 7, same: 1 })
    await transaction.putPin('all', { facet: 'small', digest, by: 'a', atMs: 1 })
  })
  return domain.path
}

t.test('every table is copied', async t => {
  const handle = openReader(await filled(t))
  t.teardown(() => handle.close())
  const tables = handle
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
    .all([])
  const named = (tables as { name: string }[]).map(({ name }) => name).filter(name => name !== 'migration')
  t.same(Object.keys(tableKeys).sort(), named.sort())
})

t.test('a backup taken while hosts are written is sound and opens as a store', async t => {
  const domain = await openDomain(t)
  const { host, id } = await domain.open('a')
  let sequence = 0
  const write = () => {
    const change = changeOf(++sequence, smallState({ a: sequence }))
    return domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
  }
  await write()
  const path = join(dirname(domain.path), 'backup.db')
  const [, ...applied] = await Promise.all([
    backUpStore({ kind: 'sqlite', path: domain.path }, path),
    ...Array.from({ length: 20 }, write),
  ])
  t.equal(applied.length, 20)
  t.match(await checkStore({ kind: 'sqlite', path }), { problems: [], rows: { hosts: 1 } })
  const restored = await openStore({ kind: 'sqlite', path }, systemClock)
  t.teardown(() => restored.close())
  t.ok((await restored.read.facet(id, 'small'))?.current)
  await t.rejects(backUpStore({ kind: 'sqlite', path: domain.path }, path), /EEXIST/, 'nothing is overwritten')
})

t.test('what is not there is not copied, and not made', async t => {
  const directory = t.testdir({})
  const from: DatabaseLocation = { kind: 'sqlite', path: join(directory, 'gone.db') }
  const to: DatabaseLocation = { kind: 'sqlite', path: join(directory, 'copy.db') }
  await t.rejects(copyStore(from, to, systemClock, silent), { code: 'store', message: /gone\.db: is not there/ })
  t.same(readdirSync(directory), [])
})

t.test('a vacuum loses nothing', async t => {
  const location: DatabaseLocation = { kind: 'sqlite', path: await filled(t) }
  const before = await checkStore(location)
  await vacuumStore(location)
  t.same(await checkStore(location), before)
})

t.test('a database of the first version gets every table, keeps its rows and tells how far it is', async t => {
  const path = join(t.testdir({}), 'collector.db')
  const state = smallState({ a: 1 })
  const writer = openWriter(path)
  await migrate(sqliteConnection(writer).database, { nowMs: 0, list: migrations.slice(0, 1) })
  const row = [state.digest, state.facet, state.schemaVersion, state.state, canonicalBody(state)]
  writer.prepare('insert into blob values (?, ?, ?, ?, ?)').run(row)
  writer.exec(`insert into host values (1, 'id', 'key', 'old', '', '', '1', '{}', 0, 1, 2, 100, 100, '', '[]', '', 0);
    insert into facet_current values (1, 'small', '${state.digest}', 1, 1, 1, '1', '', 0);
    insert into facet_history values (1, 'small', 1, '${state.digest}', 1, 0, 1, 1, 'o', 1);
    insert into check_known values (1, 'check', 1, 'title', '["small"]', 1);
    insert into result_current values (1, 1, 0, 1, '["because","mend it","seen"]', 5, 0)`)
  writer.close()
  const told: string[] = []
  t.equal(await migrateStore({ kind: 'sqlite', path }, systemClock, text => told.push(text)), newestSchema)
  t.same(told.filter(text => /^migration \d+ of \d+: /.test(text)).length, migrations.length - 1)
  t.ok(
    told.includes('migration 9: 1 rows of result_current'),
    'what takes as long as there are rows says how far it is',
  )
  t.match(await checkStore({ kind: 'sqlite', path }), {
    schema: newestSchema,
    problems: [],
    rows: { hosts: 1, states: 1 },
  })
  const store = await openStore({ kind: 'sqlite', path }, systemClock)
  t.teardown(() => store.close())
  t.match((await store.read.facet('id', 'small'))?.current, { state: 'present' })
  t.match(await store.read.results({}, { limit: 2 }), {
    items: [{ check: 'check', state: 'fail', reason: 'because', remediation: 'mend it', evidence: ['seen'] }],
  })
})

t.test('from SQLite to PostgreSQL and back', { skip: whyNoPostgres() ?? false }, async t => {
  const server = await startPostgres(t)
  const from = { kind: 'sqlite', path: await filled(t) } as const
  const middle: DatabaseLocation = { kind: 'postgres', url: await server.database(), passwordFile: '' }
  const back: DatabaseLocation = { kind: 'sqlite', path: join(dirname(from.path), 'back.db') }
  const told: string[] = []
  const copied = await copyStore(from, middle, systemClock, text => told.push(text))
  t.equal(told.length, copied.length)
  await t.rejects(copyStore(from, middle, systemClock, silent), /not empty: host has rows/)
  t.same(await copyStore(middle, back, systemClock, silent), copied)
  const [checked, ...others] = await Promise.all([from, middle, back].map(checkStore))
  t.match(checked, { problems: [], rows: { hosts: 3, states: 12 } })
  for (const other of others) t.same(other, checked)
  const store = await openStore(middle, systemClock)
  t.teardown(() => store.close())
  const opening = { hostKey: 'new', hostname: 'new', machineId: '', bootId: '', agentVersion: '1', outboxId: 'o' }
  const opened = await store.write(transaction => transaction.openHost({ ...opening, labels: {}, skewMs: 0, atMs: 1 }))
  t.equal(opened.host, 4, 'numbers go on where they were')
})
