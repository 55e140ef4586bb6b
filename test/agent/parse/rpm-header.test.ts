// Tests of the parser of package headers in rpm's database.
import fc from 'fast-check'
import t from 'tap'
import { parseRpmHeader } from '../../../agent/parse/rpm-header.ts'
import { packageHeader, rpmHeaderBytes } from '../../rpm-header-bytes.ts'

const bash = packageHeader('bash', '5.1.8', '9.el9', [
  [1003, 2],
  [1008, 1_773_133_920],
  [1022, 'x86_64'],
  [1044, 'bash-5.1.8-9.el9.src.rpm'],
])

t.test('a header tells name, epoch, version, architecture, source and time of installation', async t => {
  t.strictSame(parseRpmHeader(bash), {
    ...{ name: 'bash', epoch: 2, version: '5.1.8-9.el9', architecture: 'x86_64' },
    ...{ sourceRpm: 'bash-5.1.8-9.el9.src.rpm', installedAt: 1_773_133_920 },
  })
})

t.test('a key has no epoch, architecture and source', async t => {
  t.strictSame(parseRpmHeader(packageHeader('gpg-pubkey', 'fd431d51', '4ae0493b')), {
    ...{ name: 'gpg-pubkey', epoch: 0, version: 'fd431d51-4ae0493b', architecture: '', sourceRpm: '', installedAt: 0 },
  })
})

t.test('what rpm added on installation stands behind and counts', async t => {
  t.equal(
    parseRpmHeader(
      packageHeader('a', '1', '1', [
        [1008, 1],
        [1008, 2],
      ]),
    )?.installedAt,
    2,
  )
})

t.test('what is no header of a package is none', async t => {
  t.equal(
    parseRpmHeader(
      rpmHeaderBytes([
        [1000, 'a'],
        [1001, '1'],
      ]),
    ),
    undefined,
    'no release',
  )
  t.equal(parseRpmHeader(packageHeader('', '1', '1')), undefined, 'an empty name')
  t.equal(parseRpmHeader(packageHeader('a b', '1', '1')), undefined, 'a name with a space')
  t.equal(parseRpmHeader(packageHeader('a\tb', '1', '1')), undefined, 'a name with a tab')
  t.equal(parseRpmHeader(packageHeader('a'.repeat(1001), '1', '1')), undefined, 'a name that never ends')
  t.equal(parseRpmHeader(packageHeader('a', '1', '1', [[1022, 7]])), undefined, 'an architecture that is a number')
  t.equal(parseRpmHeader(packageHeader('a', '1', '1', [[1003, 'x']])), undefined, 'an epoch that is a text')
  t.equal(parseRpmHeader(Buffer.concat([bash, Buffer.of(0)])), undefined, 'a byte too many')
  const cut = Buffer.from(bash)
  cut.writeUInt32BE(0xffffffff, 0)
  t.equal(parseRpmHeader(cut), undefined, 'a count of entries that cannot be')
})

t.test('a name of other bytes than UTF-8 is kept', async t => {
  const blob = packageHeader('a?', '1', '1')
  blob[blob.indexOf('?'.charCodeAt(0), 8 + 3 * 16)] = 0xff
  t.equal(parseRpmHeader(blob)?.name, 'a\udcff')
})

t.test('no prefix and no change of bytes is taken for more than it is', async t => {
  for (let length = 0; length < bash.length; length += 1) t.equal(parseRpmHeader(bash.subarray(0, length)), undefined)
  fc.assert(
    fc.property(fc.nat(bash.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(bash)
      changed[at] = byte
      const row = parseRpmHeader(changed)
      return row === undefined || (row.name !== '' && row.version.includes('-'))
    }),
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), bytes => parseRpmHeader(bytes) === undefined))
})
