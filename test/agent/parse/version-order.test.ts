// Tests of the order of versions: rows of deb-version(7), and held against dpkg itself where it is there.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { compareVersions } from '../../../agent/parse/version-order.ts'

t.test('each version is older than the next', async t => {
  const ascending = [
    '',
    '0.9~rc1',
    '0.9',
    '0.9a',
    '0.9.1',
    '0.10~~',
    '0.10~',
    '0.10',
    '0.10+b1',
    '1.0',
    '1.0-1',
    '10',
    '10.00001',
    '10.2',
    '99999999999999999999999',
    '100000000000000000000000',
  ]
  for (const [index, version] of ascending.entries()) {
    for (const [other, against] of ascending.entries()) {
      t.equal(Math.sign(compareVersions(version, against)), Math.sign(index - other), `${version} against ${against}`)
    }
  }
})

t.test('leading zeros make no difference', async t => {
  t.equal(compareVersions('1.01', '1.1'), 0)
  t.equal(compareVersions('1.0', '1.'), 0)
})

t.test('it is the order of dpkg', { skip: !existsSync('/usr/bin/dpkg') && 'needs dpkg' }, async t => {
  const part = fc.stringMatching(/^[0-9a-c.+~]{1,6}$/).map(text => `1${text}`)
  fc.assert(
    fc.property(part, part, (a, b) => {
      const older = spawnSync('/usr/bin/dpkg', ['--compare-versions', a, 'lt', b]).status === 0
      return older === compareVersions(a, b) < 0
    }),
    { numRuns: 150 },
  )
  t.pass('150 pairs')
})
