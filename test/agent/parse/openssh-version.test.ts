// Tests of the version of OpenSSH in versions of packages.
import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseOpenSshVersion } from '../../../agent/parse/openssh-version.ts'

t.test('each distribution writes it in its own way', async t => {
  for (const [written, text, number] of [
    ['1:9.2p1-2+deb12u10', '9.2p1', 902],
    ['1:10.0p1-7', '10.0p1', 1000],
    ['9.6_p1-r0', '9.6p1', 906],
    ['8.7p1-43.el9', '8.7p1', 807],
    ['8.0-3', '8.0', 800],
  ] as const) {
    t.strictSame(parseOpenSshVersion(written), { text, number }, written)
  }
})

t.test('what is no version of OpenSSH', async t => {
  for (const written of ['', '9', '1:p1', '9.2.3-1', '9999.1', 'x9.2p1']) {
    t.equal(parseOpenSshVersion(written), undefined, written)
  }
})

t.test('any version is read from any package of it, and its number orders as versions do', async () => {
  const version = fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 99 }))
  const portable = fc.option(fc.nat({ max: 99 }))
  const epoch = fc.constantFrom('', '1:', '12:')
  const revision = fc.oneof(fc.constant(''), fc.stringMatching(/^[-+~][a-z0-9.+~-]{0,12}$/))
  fc.assert(
    fc.property(
      version,
      version,
      portable,
      epoch,
      fc.constantFrom('', '_'),
      revision,
      (one, other, p, before, bar, after) => {
        const [major, minor] = one
        const number = (parts: readonly number[]) => parseOpenSshVersion(parts.join('.'))?.number ?? Number.NaN
        const end = p === null ? '' : `p${p}`
        const written = `${before}${major}.${minor}${p === null ? '' : bar}${end}${after}`
        deepEqual(parseOpenSshVersion(written), { text: `${major}.${minor}${end}`, number: number(one) }, written)
        const order = major - other[0] || minor - other[1]
        equal(Math.sign(number(one) - number(other)), Math.sign(order))
      },
    ),
  )
})

t.test('other text is no version, or the text that is told stands in it', async () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9.:p_x-]{0,12}$/), written => {
      const found = parseOpenSshVersion(written)
      equal(found === undefined || written.replace('_', '').includes(found.text), true, written)
    }),
  )
})
