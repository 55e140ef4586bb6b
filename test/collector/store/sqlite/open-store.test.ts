// The database file: whose it is, which version it has, and what is left of it after a crash.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openDataDirectory } from '../../../../collector/data-directory.ts'
import { migrate, migrations, newestSchema } from '../../../../collector/store/sql/migrate.ts'
import type { Migration } from '../../../../collector/store/sql/migration.ts'
import { checkDatabase } from '../../../../collector/store/sqlite/check-database.ts'
import { openReader, openWriter } from '../../../../collector/store/sqlite/open-database.ts'
import { openSqliteStore } from '../../../../collector/store/sqlite/open-store.ts'
import { sqliteConnection } from '../../../../collector/store/sqlite/sqlite-connection.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { silentLog } from '../../../../runtime/log.ts'
import { openDomain } from '../../open-domain.ts'
import { runUntilKilled } from '../run-until-killed.ts'

t.setTimeout(120_000)

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

t.test('directory and files belong to their owner only, whatever the umask', async t => {
  const before = process.umask(0)
  t.teardown(() => process.umask(before))
  const path = join(t.testdir({}), 'deep', 'data')
  const directory = openDataDirectory(path, silentLog)
  const store = await openSqliteStore(directory.databasePath, systemClock)
  await store.ping()
  t.equal(mode(path), '700')
  for (const name of ['collector.db', 'collector.db-wal', 'collector.db-shm', 'collector.lock']) {
    t.equal(mode(join(path, name)), '600', name)
  }
  await store.close()
  directory.release()
})

t.test('a data directory has one collector at a time', async t => {
  const path = t.testdir({})
  const first = openDataDirectory(path, silentLog)
  t.throws(() => openDataDirectory(path, silentLog), { code: 'store', message: /another collector uses/ })
  first.release()
  openDataDirectory(path, silentLog).release()
})

t.test('a data directory that cannot be one is named', async t => {
  const path = join(t.testdir({ file: '' }), 'file', 'data')
  t.throws(() => openDataDirectory(path, silentLog), { code: 'state_directory', message: /file\/data.*ENOTDIR/ })
})

t.test('a database of a newer program is refused and left as it is', async t => {
  const path = join(t.testdir({}), 'collector.db')
  await (await openSqliteStore(path, systemClock)).close()
  const writer = openWriter(path)
  writer.exec("insert into migration (number, name, applied_at) values (99, 'from the future', 0)")
  writer.close()
  await t.rejects(openSqliteStore(path, systemClock), {
    code: 'store',
    message: /schema 99.*written by a newer version/,
  })
  t.match(await checkDatabase(path), { schema: 99, problems: [/knows 1 to/] })
})

t.test('a migration that fails leaves nothing behind, and runs again', async t => {
  const path = join(t.testdir({}), 'collector.db')
  const connection = openWriter(path)
  t.teardown(() => connection.close())
  const { database } = sqliteConnection(connection)
  let broken = true
  const last: Migration = {
    kind: 'rebuild',
    number: newestSchema + 1,
    name: 'last',
    statements: ['create table extra (a text)'],
    move: async () => {
      if (broken) throw new Error('half way')
    },
  }
  const list = [...migrations, last]
  await t.rejects(migrate(database, { nowMs: 0, list }), /half way/)
  t.equal(connection.prepare("select name from sqlite_master where name = 'extra'").all([]).length, 0)
  broken = false
  t.equal(await migrate(database, { nowMs: 0, list }), last.number)
  t.equal(await migrate(database, { nowMs: 0, list }), last.number, 'once')
})

t.test('what is no database is named', async t => {
  const path = join(t.testdir({ 'collector.db': 'this is no database at all, whatever its name says' }), 'collector.db')
  await t.rejects(openSqliteStore(path, systemClock), { code: 'store', message: /collector\.db: cannot be opened/ })
  t.throws(() => openReader(join(t.testdir({}), 'nothing.db')), { code: 'store' })
})

t.test('a transaction that fails is as if it never was, and the next one works', async t => {
  const { store, open } = await openDomain(t)
  await t.rejects(
    store.write(async transaction => {
      await transaction.touchHosts(new Map())
      await transaction.putBody('sha256:x', { facet: 'small', schemaVersion: 1, state: 'present', body: '{}' })
      throw new Error('half way')
    }),
    /half way/,
  )
  t.equal(await store.read.body('sha256:x'), undefined)
  t.ok((await open('a')).created)
})

t.test('killed at any moment: nothing acknowledged is lost, nothing is there twice', async t => {
  const path = join(t.testdir({}), 'collector.db')
  const acknowledged = new Map<string, number>()
  for (let round = 0; round < 6; round++) {
    const seen = await runUntilKilled([path], 20 + Math.floor(Math.random() * 200))
    for (const [key, sequence] of seen) acknowledged.set(key, sequence)
    const { problems, rows } = await checkDatabase(path)
    t.same(problems, [])
    t.equal(rows['hosts'], 2)
    const store = await openSqliteStore(path, systemClock)
    for (const [index, key] of ['a', 'b'].entries()) {
      const applied = await store.write(transaction => transaction.appliedSequence(index + 1, 'o'))
      const last = acknowledged.get(key) ?? 0
      t.ok(applied >= last && applied <= last + 1, `${key}: ${last} acknowledged, ${applied} on disk`)
    }
    await store.close()
  }
  const connection = openReader(path)
  const [{ rows, applied }] = connection
    .prepare(
      'select (select count(*) from facet_history) as rows, (select sum(applied_sequence) from outbox_progress) as applied',
    )
    .all([]) as [{ rows: number; applied: number }]
  connection.close()
  t.equal(rows, applied, 'one row of history per change')
})
