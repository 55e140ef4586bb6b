// The module of the single executable on disk: named by its hash, its owner's only, written anew when it is not itself.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { keepModule, loadModuleOf } from '../../../../agent/host/walk/module-of-executable.ts'

const bytes = Buffer.from('a module')

function stateDirectory(t: Test, mode = 0o700): string {
  const directory = join(t.testdir({}), 'state')
  mkdirSync(directory)
  chmodSync(directory, mode)
  return directory
}

t.test('it is written once, for its owner only', async t => {
  const state = stateDirectory(t)
  const path = keepModule(bytes, state)
  t.match(path, /\/native\/[0-9a-f]{64}\.node$/)
  t.same(readFileSync(path), bytes)
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.equal(statSync(dirname(path)).mode & 0o777, 0o700)
  const { ino } = statSync(path)
  t.equal(keepModule(bytes, state), path)
  t.equal(statSync(path).ino, ino, 'the second time it is there')
})

t.test('one that is damaged is written anew, those of versions before go', async t => {
  const state = stateDirectory(t)
  const old = keepModule(Buffer.from('older'), state)
  const path = keepModule(bytes, state)
  t.notOk(existsSync(old))
  writeFileSync(path, 'not the same')
  keepModule(bytes, state)
  t.same(readFileSync(path), bytes)
  t.equal(readdirSync(dirname(path)).length, 1)
})

t.test('what others may write, or what is no directory, is not used', async t => {
  t.throws(() => keepModule(bytes, join(t.testdir({}), 'missing')), { code: 'ENOENT' })
  t.throws(() => keepModule(bytes, stateDirectory(t, 0o755)), /of this user only/)
  const linked = join(t.testdir({}), 'linked')
  symlinkSync(stateDirectory(t), linked)
  t.throws(() => keepModule(bytes, linked), /of this user only/)
  const state = stateDirectory(t)
  chmodSync(keepModule(bytes, state), 0o644)
  t.throws(() => keepModule(bytes, state), /of this user only/)
  chmodSync(join(state, 'native'), 0o777)
  t.throws(() => keepModule(bytes, state), /of this user only/)
})

t.test('a program that is no single executable has none', async t => {
  t.equal(loadModuleOf('xattr.node', stateDirectory(t)), undefined)
})
