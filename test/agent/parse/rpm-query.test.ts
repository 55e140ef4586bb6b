// Tests of the parser of rpm's own list.
import fc from 'fast-check'
import t from 'tap'
import { packagesOfRpm, parseRpmQuery } from '../../../agent/parse/rpm-query.ts'

// As rpm 4.16 of a Red Hat 9 kin prints it.
const list = `kernel-core\t0\t5.14.0-503.11.1.el9_5\tx86_64\tkernel-5.14.0-503.11.1.el9_5.src.rpm\t1773133920
kernel-core\t0\t5.14.0-503.21.1.el9_5\tx86_64\tkernel-5.14.0-503.21.1.el9_5.src.rpm\t1773133920
openssl-libs\t1\t3.2.2-6.el9_5\tx86_64\topenssl-3.2.2-6.el9_5.src.rpm\t1773133920
bash\t0\t5.1.8-9.el9\tx86_64\tbash-5.1.8-9.el9.src.rpm\t1773133920
tzdata\t0\t2024b-2.el9\tnoarch\ttzdata-2024a-1.el9.src.rpm\t1773133920
gpg-pubkey\t0\tfd431d51-4ae0493b\t(none)\t(none)\t1773133920
gpg-pubkey\t0\t5a6340b3-6229229e\t(none)\t(none)\t1773133920
`

t.test('packages with epoch, source and the versions beside them', async t => {
  const { rows, malformed } = parseRpmQuery(list)
  const { packages, olderVersions } = packagesOfRpm(rows)
  t.strictSame(malformed, [])
  t.strictSame(
    packages.map(row => `${row.name} ${row.version} ${row.architecture} [${row.source}] ${row.state}`),
    [
      'kernel-core 5.14.0-503.21.1.el9_5 x86_64 [kernel] installed',
      'openssl-libs 1:3.2.2-6.el9_5 x86_64 [openssl] installed',
      'bash 5.1.8-9.el9 x86_64 [] installed',
      'tzdata 2024b-2.el9 noarch [tzdata (2024a-1.el9)] installed',
    ],
  )
  t.strictSame(olderVersions, [{ name: 'kernel-core', architecture: 'x86_64', version: '5.14.0-503.11.1.el9_5' }])
})

t.test('the newest of several versions is the one that rpm holds for newer', async t => {
  const kernels = ['570.el9', '570.12.1.el9_6'].map(release => `kernel-core\t0\t5.14.0-${release}\tx86_64\t(none)\t1`)
  const { packages } = packagesOfRpm(parseRpmQuery(kernels.join('\n')).rows)
  t.match(packages, [{ version: '5.14.0-570.12.1.el9_6' }])
})

t.test('lines that are no package are named', async t => {
  const lines = [
    'a',
    'b\t0\t1\tnoarch\tx\t1',
    'c\t0\t1-1\tnoarch\tx\t1',
    'd\tx\t1-1\tnoarch\tx\t1',
    'e\t0\t1-1\tnoarch\tx',
  ]
  t.strictSame(parseRpmQuery(lines.join('\n')).malformed, [1, 2, 4, 5])
})

t.test('every prefix and any text are answered', async t => {
  for (let length = 0; length <= list.length; length += 1) {
    t.ok(parseRpmQuery(list.slice(0, length)).malformed.length <= 1)
  }
  const field = fc.oneof(fc.constantFrom('a', '0', '1-1', '(none)'), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(fc.array(fc.array(field).map(fields => fields.join('\t'))), lines => {
      const { packages } = packagesOfRpm(parseRpmQuery(lines.join('\n')).rows)
      const keys = packages.map(({ name, architecture }) => `${name}\n${architecture}`)
      return new Set(keys).size === keys.length
    }),
  )
})
