// Backups: whole or not at all, and never over what is there.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openAuthority } from '../../../collector/auth/pki/authority.ts'
import { backUp } from '../../../collector/cli/back-up.ts'
import { databasePath } from '../../../collector/data-directory.ts'
import { openSqliteStore } from '../../../collector/store/sqlite/open-store.ts'
import { systemClock } from '../../../runtime/clock.ts'

async function setUp(t: Test) {
  const place = t.testdir({ data: {} })
  const data = join(place, 'data')
  const path = databasePath(data)
  const store = await openSqliteStore(path, systemClock)
  await store.close()
  return { place, data, location: { kind: 'sqlite', path } as const, output: join(place, 'backup') }
}

t.test('it has the database, and the CA where there is one', async t => {
  const { place, data, location, output } = await setUp(t)
  t.equal(await backUp(data, location, output), false)
  t.same(readdirSync(output), ['collector.db'])
  t.equal(statSync(output).mode & 0o777, 0o700)
  await openAuthority(data, systemClock)
  const second = join(place, 'second')
  t.equal(await backUp(data, location, second), true)
  for (const name of ['ca.crt', 'ca.key']) {
    t.equal(readFileSync(join(second, 'pki', name), 'utf8'), readFileSync(join(data, 'pki', name), 'utf8'))
  }
  t.equal(statSync(join(second, 'pki', 'ca.key')).mode & 0o777, 0o600)
  const copy = await openSqliteStore(databasePath(second), systemClock)
  await copy.close()
})

t.test('nothing is written over, and a place where nothing can be made is named', async t => {
  const { place, data, location, output } = await setUp(t)
  mkdirSync(output)
  const refused = { code: 'usage', message: `--output ${output}: cannot be made (EEXIST)` }
  await t.rejects(backUp(data, location, output), refused)
  t.same(readdirSync(output), [])
  const nowhere = join(place, 'nowhere', 'backup')
  await t.rejects(backUp(data, location, nowhere), { code: 'usage', message: /nowhere.*: cannot be made \(ENOENT\)$/ })
})

t.test('one that was killed is in nobody’s way, and one that fails leaves nothing', async t => {
  const { place, data, location, output } = await setUp(t)
  mkdirSync(`${output}.partial`)
  writeFileSync(join(`${output}.partial`, 'collector.db'), 'half of it')
  await backUp(data, location, output)
  t.same(readdirSync(place).sort(), ['backup', 'data'])
  const gone = { kind: 'sqlite', path: join(place, 'gone.db') } as const
  const other = join(place, 'other')
  await t.rejects(backUp(data, gone, other), { code: 'store' })
  t.notOk(existsSync(other))
  t.same(readdirSync(place).sort(), ['backup', 'data'])
})
