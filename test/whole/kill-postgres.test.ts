// kill -9 in the midst of migrations, retention, vacuum, copies and ingest, on PostgreSQL: nothing acknowledged is lost.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { patiently } from '../../collector/store/postgres/open-client.ts'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { type Backend, killCopy, killSuite } from './kill-database/kill-suite.ts'
import { type Place, putFleet } from './kill-database/prepare.ts'

t.setTimeout(3_000_000)

const why = whyNoPostgres()
if (why) t.plan(0, why)
else {
  const root = t.testdir({})
  const server = await startPostgres(t)
  let places = 0
  const directory = () => {
    const path = join(root, `place-${++places}`)
    mkdirSync(path, { mode: 0o700 })
    return path
  }
  const backend: Backend = {
    empty: async () => ({ directory: directory(), url: await server.database() }),
    copy: async from => {
      await quiet(from)
      return { directory: directory(), url: await server.database(from.url) }
    },
    quiet,
  }
  const file = async (): Promise<Place> => ({ directory: directory(), url: '' })
  await killSuite(t, backend)

  t.test('in a copy from SQLite, and in one back', async t => {
    const fleet = await file()
    await putFleet(fleet)
    await killCopy(t, backend, fleet, backend.empty)
    const served = await backend.empty()
    await putFleet(served)
    await killCopy(t, { ...backend, quiet: async () => undefined }, served, file)
  })
}

/** The server ends what a process began that is gone, when it hears of it. */
async function quiet({ url }: Place): Promise<void> {
  if (url === '') return
  const others = `select count(*) as count from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`
  await patiently({ url }, async client => {
    for (;;) {
      const { rows } = await client.query<{ count: number }>(others)
      if (rows[0]?.count === 0) return
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  })
}
