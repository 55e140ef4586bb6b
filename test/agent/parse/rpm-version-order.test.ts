// Tests of rpm's order of versions, held against rpm itself where it is there.
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { compareRpmVersions } from '../../../agent/parse/rpm-version-order.ts'

const ascending = [
  '1.0~rc1-1.el9',
  '1.0~rc1^git2-1.el9',
  '1.0-1.el9',
  '1.0^git1-1.el9',
  '1.0a-1.el9',
  '1.0.1-1.el9',
  '1.1-503.el9',
  '1.1-503.9.1.el9_5',
  '1.1-503.11.1.el9_5',
  '1.1-504.el9',
  '10-1.el9',
  '99999999999999999999999-1',
  '100000000000000000000000-1',
]

t.test('each version is older than the next', async t => {
  for (const [index, version] of ascending.entries()) {
    for (const [other, against] of ascending.entries()) {
      t.equal(
        Math.sign(compareRpmVersions(version, against)),
        Math.sign(index - other),
        `${version} against ${against}`,
      )
    }
  }
})

t.test('what only separates, and leading zeros, make no difference', async t => {
  t.equal(compareRpmVersions('1.01', '1_1'), 0)
  t.equal(compareRpmVersions('1.0', '1..0.'), 0)
  t.equal(compareRpmVersions('', ''), 0)
})

const hasRpm = spawnSync('rpm', ['--version']).status === 0
const piece = fc.constantFrom('0', '1', '01', '9', '10', 'a', 'B', 'rc', '~', '^', '.', '_', '+', 'el9')
const version = fc.array(piece, { minLength: 1, maxLength: 6 }).map(pieces => pieces.join(''))

t.test('any two versions are in the order of rpm', { skip: !hasRpm && 'rpm is not installed' }, async t => {
  const pairs = fc.sample(fc.tuple(version, version), { numRuns: 400, seed: 7 })
  const calls = pairs.map(([a, b]) => `print(rpm.vercmp("${a}", "${b}") .. " ")`).join('\n')
  const { stdout } = spawnSync('rpm', ['--eval', `%{lua:\n${calls}\n}`], { encoding: 'utf8' })
  const wanted = stdout.trim().split(/\s+/).map(Number)
  t.equal(wanted.length, pairs.length)
  t.strictSame(
    pairs.map(([a, b]) => Math.sign(compareRpmVersions(a, b))),
    wanted,
  )
})

t.test('the order has two sides', async () => {
  fc.assert(fc.property(version, version, (a, b) => compareRpmVersions(a, b) === -compareRpmVersions(b, a)))
})
