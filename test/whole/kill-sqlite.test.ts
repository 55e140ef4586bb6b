// kill -9 in the midst of migrations, retention, vacuum, backups, copies and ingest, on SQLite: nothing acknowledged is lost.
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Backend, killBackUp, killCopy, killSuite } from './kill-database/kill-suite.ts'
import { putFleet } from './kill-database/prepare.ts'

t.setTimeout(3_000_000)

const root = t.testdir({})
let places = 0
const directory = () => {
  const path = join(root, `place-${++places}`)
  mkdirSync(path, { mode: 0o700 })
  return path
}
const backend: Backend = {
  empty: async () => ({ directory: directory(), url: '' }),
  copy: async from => {
    const place = { directory: directory(), url: '' }
    cpSync(from.directory, place.directory, { recursive: true })
    return place
  },
  quiet: async () => undefined,
}

await killSuite(t, backend)

t.test('in a backup and in a copy', async t => {
  const fleet = await backend.empty()
  await putFleet(fleet)
  mkdirSync(join(fleet.directory, 'pki'))
  await killBackUp(t, fleet, directory())
  await killCopy(t, backend, fleet, backend.empty)
})
