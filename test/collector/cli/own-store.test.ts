// Commands beside a collector: what they find in the database stays as the collector knows it.
import { join } from 'node:path'
import t from 'tap'
import { migrate, migrations } from '../../../collector/store/sql/migrate.ts'
import { readSchema } from '../../../collector/store/sql/schema.ts'
import { openWriter } from '../../../collector/store/sqlite/open-database.ts'
import { sqliteConnection } from '../../../collector/store/sqlite/sqlite-connection.ts'
import { runBin } from '../../run-bin.ts'

t.test('a database of an older collector is refused, and not changed under it', async t => {
  const directory = t.testdir({})
  const handle = openWriter(join(directory, 'collector.db'))
  t.teardown(() => handle.close())
  const { database } = sqliteConnection(handle)
  const list = migrations.slice(0, -1)
  const older = await migrate(database, { nowMs: 0, list })
  const { code, stderr } = await runBin('collector', ['token', 'list', '--data-dir', directory])
  t.equal(code, 1)
  t.match(
    stderr,
    new RegExp(`has schema ${older}, this program needs ${migrations.at(-1)?.number}: start the collector`),
  )
  t.equal((await readSchema(database)).number, older)
})
