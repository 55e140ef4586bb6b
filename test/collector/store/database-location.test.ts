// Where the database is, as people write it, and nothing of its password anywhere else.
import t from 'tap'
import { parseDatabaseLocation, showDatabase } from '../../../collector/store/database-location.ts'

t.test('a file, a server, or what the data directory has', async t => {
  t.same(parseDatabaseLocation('', '/data/collector.db'), { kind: 'sqlite', path: '/data/collector.db' })
  t.same(parseDatabaseLocation('sqlite:/srv/x.db', '/data/collector.db'), { kind: 'sqlite', path: '/srv/x.db' })
  const url = 'postgres://gabion:geheim@db.example.org:5433/fleet?sslmode=verify-full'
  const location = parseDatabaseLocation(url, '', '/run/secret')
  t.same(location, { kind: 'postgres', url, passwordFile: '/run/secret' })
  t.equal(showDatabase(location), 'postgres://db.example.org:5433/fleet', 'without user and password')
})

t.test('what it cannot be is an error that repeats nothing of it', async t => {
  for (const text of ['mysql://root:geheim@db/x', 'sqlite:', 'postgres://[geheim', 'collector.db']) {
    try {
      parseDatabaseLocation(text, '')
      t.fail(text)
    } catch (error) {
      t.match(error, { code: 'config' })
      t.notMatch(String(error), /geheim/)
    }
  }
})
