// Tests of the dpkg status parser: held against dpkg-query, on cut and hostile text.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { parseDpkgStatus } from '../../../agent/parse/dpkg-status.ts'
import { fixtureCommand, fixtureRoot } from '../../fixture-host.ts'

const recorded = readFileSync(join(fixtureRoot('debian12-vm'), 'var/lib/dpkg/status'), 'utf8')
const small = `Package: openssl
Status: install ok installed
Architecture: amd64
Multi-Arch: foreign
Version: 3.0.17-1~deb12u3
Description: toolkit
 Version: 9
 .
 Package: nothing

Package: libssl3
Status: hold ok installed
Architecture: amd64
Source: openssl
Version: 3.0.17-1~deb12u3

Package: libssl3
Status: install ok installed
Architecture: i386
Source: openssl (3.0.17-1~deb12u2)
Version: 3.0.17-1~deb12u2+b1

Package: telnet
Status: deinstall ok config-files
Architecture: all
Version: 0.17+2.4-2

Package: forgotten
Status: purge ok not-installed
Architecture: amd64

Package: broken
Status: install reinstreq half-configured
Architecture: amd64
Version: 1
`

t.test('names, versions, states and architectures are those of dpkg-query', async t => {
  const wanted = fixtureCommand('debian12-vm', 'dpkg-query').split('\n').filter(Boolean)
  const { packages, malformed } = parseDpkgStatus(recorded)
  t.equal(packages.length, 197)
  t.strictSame(malformed, [])
  t.strictSame(
    packages.map(row => `${row.name}\t${row.version}\tinstall ok ${row.state}\t${row.architecture}`).sort(),
    wanted.sort(),
  )
})

t.test('states, holds, sources and packages of two architectures', async t => {
  const { packages, malformed } = parseDpkgStatus(small)
  t.strictSame(malformed, [])
  t.strictSame(
    packages.map(row => `${row.name}/${row.architecture} ${row.version} ${row.state} [${row.source}]`),
    [
      'openssl/amd64 3.0.17-1~deb12u3 installed []',
      'libssl3/amd64 3.0.17-1~deb12u3 held [openssl]',
      'libssl3/i386 3.0.17-1~deb12u2+b1 installed [openssl (3.0.17-1~deb12u2)]',
      'telnet/all 0.17+2.4-2 config-files []',
      'broken/amd64 1 half-configured []',
    ],
  )
  t.strictSame(parseDpkgStatus(small.replaceAll('\n', '\r\n')), { packages, olderVersions: [], malformed })
})

const stanza = (more: string) =>
  parseDpkgStatus(`Package: x\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n${more}`)

t.test('every state of a package, a hold only of what is installed', async t => {
  const state = (text: string) => parseDpkgStatus(small.replace('install reinstreq half-configured', text))
  const names = [
    'installed',
    'config-files',
    'half-installed',
    'unpacked',
    'half-configured',
    'triggers-awaited',
    'triggers-pending',
  ]
  for (const name of names) t.equal(state(`install ok ${name}`).packages.at(-1)?.state, name, name)
  t.equal(state('hold ok unpacked').packages.at(-1)?.state, 'unpacked')
  t.strictSame(state('install ok exploded').malformed, [32])
  t.strictSame(state('installed').malformed, [32])
})

t.test('a field is its name at the beginning of a line, of the length it may have', async t => {
  const source = (text: string) => stanza(text).packages[0]?.source
  t.equal(source('Source: a (1)\n'), 'a (1)')
  t.equal(source('Source:b'), 'b')
  for (const odd of ['a b', 'x a (1)', 'a (1) y', 'a (1 2)']) t.equal(source(`Source: ${odd}\n`), '', odd)
  t.equal(source(' Source: a\n'), '', 'a line that goes on')
  t.equal(source('X-Source: a\nsource: a\nSource\n: a\n:Source: a\n'), '', 'other names')
  t.equal(source(`Source: ${'a'.repeat(499)}\n`), 'a'.repeat(499))
  t.equal(source(`Source: ${'a'.repeat(500)}\n`), '', 'longer than any')
  t.equal(stanza('line: 7\n').packages.length, 1)
})

t.test('stanzas are parted by empty lines only', async t => {
  const two = (between: string) =>
    parseDpkgStatus(
      `Package: a\nStatus: install ok installed\nVersion: 1\n${between}Package: b\nVersion: 2\nStatus: install ok installed\n`,
    ).packages.map(({ name, version, architecture, source }) => [name, version, architecture, source])
  t.strictSame(two('\n\n'), [
    ['a', '1', '', ''],
    ['b', '2', '', ''],
  ])
  t.strictSame(two('\r\n').length, 2)
  for (const between of ['x\n', ' \n', '\r\r\n'])
    t.strictSame(two(between), [['b', '2', '', '']], JSON.stringify(between))
})

t.test('control files without a status are what the caller says', async t => {
  const control = 'Package: base-files\nVersion: 12.4\nArchitecture: amd64\n'
  t.strictSame(parseDpkgStatus(control).malformed, [1])
  t.equal(parseDpkgStatus(control, 'install ok installed').packages[0]?.state, 'installed')
})

t.test('stanzas that lack what a package has are named by line', async t => {
  const text = `\n\nStatus: install ok installed\nVersion: 1\n\nPackage: x\nStatus: install ok canary\nVersion: 1\n\nPackage: ${'x'.repeat(600)}\nStatus: install ok installed\nVersion: 1\n`
  t.strictSame(parseDpkgStatus(text), { packages: [], olderVersions: [], malformed: [3, 6, 10] })
  t.strictSame(parseDpkgStatus(''), { packages: [], olderVersions: [], malformed: [] })
})

t.test('of two stanzas with one key the first counts', async t => {
  const stanza = (version: string) =>
    `Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: ${version}\n\n`
  t.strictSame(
    parseDpkgStatus(stanza('1') + stanza('2')).packages.map(({ version }) => version),
    ['1'],
  )
})

t.test('every prefix is answered with no more packages than there are', async t => {
  for (let length = 0; length <= small.length; length += 1) {
    const { packages, malformed } = parseDpkgStatus(small.slice(0, length))
    t.ok(packages.length <= 5 && malformed.length <= 1, `${length} characters`)
  }
})

t.test('any text is answered, without keys that stand twice', async t => {
  const line = fc.oneof(
    fc.constantFrom('', 'Package: a', 'Package: b', 'Status: install ok installed', 'Version: 1', 'Architecture: all'),
    fc.string({ unit: 'binary' }),
    fc.string(),
  )
  const property = fc.property(fc.array(line), lines => {
    const { packages } = parseDpkgStatus(lines.join('\n'))
    const keys = packages.map(({ name, architecture }) => `${name}\n${architecture}`)
    return new Set(keys).size === keys.length && packages.every(({ version }) => version !== '')
  })
  t.doesNotThrow(() => fc.assert(property))
})

t.test('eight megabytes are read, each package once', async t => {
  t.equal(parseDpkgStatus(recorded.repeat(40)).packages.length, 197)
})
