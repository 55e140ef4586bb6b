// Versions follow each other as releases do, pre-releases before them.
import t from 'tap'
import { compareReleases } from '../../runtime/compare-releases.ts'

// The order of the examples of semver.org §11, and of releases.
const ascending = [
  ...['0.1.0', '0.9.0', '0.10.0'],
  ...['1.0.0-0', '1.0.0-1', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta'],
  ...['1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.1', '2.0.0', '10.0.0', 'test'],
]

t.test('each version is newer than those before it, and older than those after it', async t => {
  for (const [index, version] of ascending.entries()) {
    for (const [other, another] of ascending.entries()) {
      t.equal(Math.sign(compareReleases(version, another)), Math.sign(index - other), `${version} and ${another}`)
    }
  }
})

t.test('what a build says of itself is no newer version', async t => {
  t.equal(compareReleases('1.2.3+abc', '1.2.3+def.7'), 0)
  t.equal(compareReleases('1.2.3+abc', '1.2.3'), 0)
  t.ok(compareReleases('1.2.3-rc.1+abc', '1.2.3') < 0)
})

t.test('texts that are no version are ordered, too', async t => {
  for (const text of ['', '.', '-', '1.', '1..2', '9'.repeat(50), '1.2']) {
    t.equal(compareReleases(text, text), 0, text)
    t.equal(Math.sign(compareReleases(text, '1.0.0')), -Math.sign(compareReleases('1.0.0', text)), text)
  }
})
