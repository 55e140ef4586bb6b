// Tests of the shadow parser.
import fc from 'fast-check'
import t from 'tap'
import { parseShadow } from '../../../agent/parse/etc-shadow.ts'

const debian = `root:*:20778:0:99999:7:::
systemd-network:!*:20778::::::
alice:$y$j9T$salt$canaryhash:20778:0:90:7:::
carol:!$y$j9T$salt$canaryhash:20778:0:99999:7:30:18292:
dave::0:0:99999:7:::
`
const alpine = 'root:::0:::::\nbin:!::0:::::\n'

t.test('days become dates, empty fields -1, a change on day 0 is forced', async t => {
  const { entries, malformed } = parseShadow(debian)
  t.strictSame(malformed, [])
  t.match(entries[0], { name: 'root', password: { state: 'disabled' }, changedOn: '2026-11-21', maxDays: 99999 })
  t.match(entries[1], { password: { state: 'locked', hash: '' }, minDays: -1, maxDays: -1, warnDays: -1 })
  t.match(entries[2], { password: { state: 'hash', hash: 'yescrypt' }, maxDays: 90, inactiveDays: -1 })
  t.match(entries[3], { password: { state: 'locked', hash: 'yescrypt' }, accountExpiresOn: '2020-01-31' })
  t.match(entries[3], { inactiveDays: 30 })
  t.match(entries[4], { password: { state: 'empty' }, changedOn: 'forced', accountExpiresOn: '' })
  t.match(parseShadow(alpine).entries[0], { password: { state: 'empty' }, changedOn: '', minDays: 0 })
  t.notMatch(JSON.stringify(entries), /canary|salt/)
})

t.test('days out of range are clamped or have no date', async t => {
  const { entries, malformed } = parseShadow('a:*:-1:-5:2932897:1:1:99999999:\nb:*:999999999999999999:0:0:0:0:0:\n')
  t.match(entries[0], { changedOn: '', minDays: -1, maxDays: 2932897, accountExpiresOn: '' })
  t.strictSame(malformed, [2])
})

t.test('broken lines are named, the others count, NIS lines are kept apart', async t => {
  const file = parseShadow('no-fields\n:*:1::::::\nx:*:day:0:0:0:::\n+:*:::::::\nmany:*:1:1:1:1:1:1:1:1\nok:*\n')
  t.strictSame(file.malformed, [1, 2, 3, 5])
  t.strictSame(
    file.legacy.map(({ entry }) => entry),
    ['+'],
  )
  t.match(file.entries, [{ name: 'ok', maxDays: -1 }])
})

t.test('every prefix is answered and never shows a hash', async t => {
  for (let length = 0; length <= debian.length; length++) {
    const text = JSON.stringify(parseShadow(debian.slice(0, length)))
    t.notMatch(text, /canary|j9T/)
  }
})

t.test('whatever stands in the file, numbers are whole, dates are dates and secrets stay', async t => {
  const field = fc.oneof(fc.constantFrom('', '0', '20778', '-1', '99999', 'x', '\r'), fc.string({ maxLength: 6 }))
  const line = fc.tuple(fc.constantFrom('a', '+', '', '\udcfe'), fc.array(field, { maxLength: 11 }))
  fc.assert(
    fc.property(fc.array(line), fc.stringMatching(/^[a-f0-9]{16}$/), (lines, secret) => {
      const text = lines.map(([name, fields]) => `${name}:$6$${secret}:${fields.join(':')}`).join('\n')
      const file = parseShadow(text)
      const dated = file.entries.every(
        entry =>
          /^(|forced|\d{4}-\d\d-\d\d)$/.test(entry.changedOn) &&
          Number.isSafeInteger(entry.maxDays) &&
          entry.maxDays >= -1,
      )
      return dated && !JSON.stringify(file).includes(secret)
    }),
  )
  t.pass('no counterexample')
})
