// Tests of the parser of apk's database.
import fc from 'fast-check'
import t from 'tap'
import { parseApkInstalled } from '../../../agent/parse/apk-installed.ts'

// The shape that apk-tools 2 of Alpine 3.19 writes, shortened.
const alpine = `C:Q1Xu3xbzkYDNXQTLdMYPlfXSnWhH8=
P:alpine-baselayout
V:3.4.3-r2
A:x86_64
S:8911
I:331776
T:Alpine base dir structure and init scripts
U:https://git.alpinelinux.org/cgit/aports/tree/main/alpine-baselayout
L:GPL-2.0-only
o:alpine-baselayout
m:Natanael Copa <ncopa@alpinelinux.org>
t:1705934118
c:7bb46dd8a1db3a2eb5df0fbc6a0aa4a40ec3d1f3
D:alpine-baselayout-data=3.4.3-r2 /bin/sh
F:dev
M:0:0:755
F:etc
R:crontabs
a:0:0:600
Z:Q1vfk1apUWI4yLJGhhNRd0kJixfvY=

C:Q1YwG9WQXVGXQtaBvPRRXpAvTgZSc=
P:libcrypto3
V:3.1.4-r5
A:x86_64
o:openssl
t:1706182283
F:lib
R:libcrypto.so.3
a:0:0:755
Z:Q1cbsdf=
`

t.test('packages with version, architecture and origin', async t => {
  const wanted = {
    packages: [
      { name: 'alpine-baselayout', version: '3.4.3-r2', architecture: 'x86_64', source: '', state: 'installed' },
      { name: 'libcrypto3', version: '3.1.4-r5', architecture: 'x86_64', source: 'openssl', state: 'installed' },
    ],
    olderVersions: [],
    malformed: [],
  }
  t.strictSame(parseApkInstalled(alpine), wanted)
  t.strictSame(parseApkInstalled(alpine.replaceAll('\n', '\r\n')), wanted)
})

t.test('a block without a name or a version is named by line', async t => {
  t.strictSame(parseApkInstalled('P:a\n\n\nV:1\nA:x\n\nP:b\nV:2\n').malformed, [1, 4])
  t.strictSame(parseApkInstalled(`P:${'a'.repeat(1000)}\nV:1\n`).malformed, [1])
  t.strictSame(parseApkInstalled(''), { packages: [], olderVersions: [], malformed: [] })
})

t.test('every prefix and any text are answered', async t => {
  for (let length = 0; length <= alpine.length; length += 1) {
    t.ok(parseApkInstalled(alpine.slice(0, length)).packages.length <= 2)
  }
  const line = fc.oneof(fc.constantFrom('P:a', 'V:1', 'A:x', '', 'o:b'), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(fc.array(line), lines => {
      const { packages } = parseApkInstalled(lines.join('\n'))
      return packages.every(({ name, version }) => name !== '' && version !== '')
    }),
  )
})
