// The agent's key: made once, kept, never half written, and damage is said instead of papered over.
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readHostKey } from '../../agent/state-directory.ts'

t.test('a key is made once and found again', t => {
  const directory = join(t.testdir({}), 'deep/state')
  const key = readHostKey(directory)
  t.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  t.equal(readHostKey(directory), key)
  t.equal(statSync(directory).mode & 0o777, 0o700, 'in a directory of its own')
  t.equal(statSync(join(directory, 'host-key')).mode & 0o777, 0o600)
  t.not(readHostKey(join(t.testdirName, 'other')), key)
  t.end()
})

t.test('what a crash left beside the key does no harm', t => {
  const directory = t.testdir({ 'host-key.new': 'half' })
  const key = readHostKey(directory)
  t.equal(readFileSync(join(directory, 'host-key'), 'utf8'), `${key}\n`)
  t.end()
})

t.test('a damaged key is an error that says what to do', t => {
  const directory = t.testdir({ 'host-key': 'not a uuid' })
  t.throws(() => readHostKey(directory), { code: 'state_directory', message: /host-key: not a UUID; remove the file/ })
  t.end()
})

t.test('a directory that cannot be used is named with the errno', t => {
  const file = join(t.testdir({ file: '' }), 'file')
  writeFileSync(file, '')
  chmodSync(file, 0o600)
  t.throws(() => readHostKey(join(file, 'state')), {
    code: 'state_directory',
    message: /host-key: cannot be used \(ENOTDIR\)/,
  })
  t.end()
})
