// Files written whole: the mode holds, an old half-written one is no hindrance, and nothing is followed.
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeFileDurably } from '../../runtime/write-file.ts'

t.test('a file is replaced whole, with its mode', t => {
  const directory = t.testdir({ file: 'old', 'file.new': 'half of ano' })
  const path = join(directory, 'file')
  writeFileDurably(path, 'new', 0o600)
  t.equal(readFileSync(path, 'utf8'), 'new')
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.notOk(existsSync(`${path}.new`))
  writeFileDurably(path, new Uint8Array([1, 2]), 0o644)
  t.same([...readFileSync(path)], [1, 2])
  t.end()
})

t.test('a link planted where the new file is made is not followed', t => {
  const directory = t.testdir({ victim: 'precious' })
  const path = join(directory, 'file')
  symlinkSync(join(directory, 'victim'), `${path}.new`)
  writeFileDurably(path, 'new', 0o600)
  t.equal(readFileSync(join(directory, 'victim'), 'utf8'), 'precious')
  t.equal(readFileSync(path, 'utf8'), 'new')
  t.end()
})

t.test('a directory that is not there is the system’s own error, and the old file stays', t => {
  const directory = t.testdir({})
  t.throws(() => writeFileDurably(join(directory, 'none/file'), 'x', 0o600), { code: 'ENOENT' })
  const path = join(directory, 'file')
  writeFileSync(path, 'old')
  t.equal(readFileSync(path, 'utf8'), 'old')
  t.end()
})
