// The file for node_exporter: whole or not there, in a directory that exists.
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { requireTextfileDirectory, writeTextfile } from '../../agent/textfile.ts'

t.test('it is written, replaced, and nothing is left beside it', async t => {
  const directory = t.testdir({})
  writeTextfile(directory, 'a 1\n')
  writeTextfile(directory, 'a 2\n')
  t.same(readdirSync(directory), ['gabion.prom'])
  t.equal(readFileSync(join(directory, 'gabion.prom'), 'utf8'), 'a 2\n')
  t.equal(statSync(join(directory, 'gabion.prom')).mode & 0o777, 0o644)
})

t.test('what a crash left, or somebody put there, is not followed', async t => {
  const directory = t.testdir({ victim: 'mine' })
  symlinkSync(join(directory, 'victim'), join(directory, `.gabion.prom.${process.pid}`))
  symlinkSync(join(directory, 'victim'), join(directory, 'gabion.prom'))
  writeTextfile(directory, 'a 1\n')
  t.equal(readFileSync(join(directory, 'victim'), 'utf8'), 'mine')
  t.notOk(statSync(join(directory, 'gabion.prom')).isSymbolicLink())
})

t.test('a directory that is gone, or is none, is told', async t => {
  const directory = t.testdir({ file: '' })
  t.throws(() => writeTextfile(join(directory, 'gone'), ''), { code: 'state_directory', message: /\(ENOENT\)$/ })
  t.throws(() => requireTextfileDirectory(join(directory, 'gone')), { code: 'usage', message: /\(ENOENT\)$/ })
  t.throws(() => requireTextfileDirectory(join(directory, 'file')), { code: 'usage', message: /is not a directory$/ })
  t.doesNotThrow(() => requireTextfileDirectory(directory))
})

t.test('what cannot be replaced stays, and nothing is left beside it', async t => {
  const directory = t.testdir({ 'gabion.prom': { inside: 'x' } })
  t.throws(() => writeTextfile(directory, 'new'), { code: 'state_directory', message: /cannot be written \(EISDIR\)$/ })
  t.same(readdirSync(directory), ['gabion.prom'])
})
