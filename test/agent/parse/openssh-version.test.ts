// Tests of the version of OpenSSH in versions of packages.
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
