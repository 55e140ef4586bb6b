// Tests of the parser of os-release.
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { parseOsRelease } from '../../../agent/parse/os-release.ts'

const debian = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
`
const alpine = `NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.22.1
PRETTY_NAME="Alpine Linux v3.22"
`
const rocky = `NAME="Rocky Linux"
VERSION="9.4 (Blue Onyx)"
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.4"
PLATFORM_ID="platform:el9"
ANSI_COLOR="0;32"
`
const valuesOf = (text: string) => Object.fromEntries(parseOsRelease(text).values)

t.test('values of several distributions are read', async t => {
  t.match(valuesOf(debian), { ID: 'debian', VERSION_ID: '12', PRETTY_NAME: 'Debian GNU/Linux 12 (bookworm)' })
  t.match(valuesOf(alpine), { ID: 'alpine', VERSION_ID: '3.22.1' })
  t.match(valuesOf(rocky), { ID: 'rocky', ID_LIKE: 'rhel centos fedora', PLATFORM_ID: 'platform:el9' })
  for (const text of [debian, alpine, rocky]) t.strictSame(parseOsRelease(text).malformed, [])
})

t.test('quotes and backslashes mean what they mean to a shell', async t => {
  const text = [
    String.raw`A='single $x \n "q"'`,
    'B="double \\$x \\"q\\" \\\\ \\`"',
    'C=bare\\ word',
    String.raw`D="keeps \n"`,
    'E=',
    'F=""',
    "G=''",
  ].join('\n')
  t.strictSame(valuesOf(text), {
    A: String.raw`single $x \n "q"`,
    B: 'double $x "q" \\ `',
    C: 'bare word',
    D: String.raw`keeps \n`,
    E: '',
    F: '',
    G: '',
  })
})

t.test('comments, empty lines, CRLF and repeated variables are fine', async t => {
  t.strictSame(valuesOf('# c\r\n\r\n  ID=a\r\nID="b"  \r\n'), { ID: 'b' })
  t.strictSame(parseOsRelease(''), { values: new Map(), malformed: [] })
})

t.test('what is no assignment is told by its line', async t => {
  const text =
    'ID=ok\nnonsense\n1X=a\nA="open\nB=\'open\nC="a"b"\nD=a b\nE=a"b\nF=x\\\nG="x\\"\nH=\'a\'b\'\n\udcff=1\nZ=1'
  const { values, malformed } = parseOsRelease(text)
  t.strictSame(malformed, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  t.strictSame([...values.keys()], ['ID', 'Z'])
})

t.test('bytes that are not UTF-8 stay in the value, a long value is read', async t => {
  t.equal(parseOsRelease('NAME="caf\udce9"').values.get('NAME'), 'caf\udce9')
  t.equal(parseOsRelease(`A="${'x'.repeat(1_000_000)}"`).values.get('A')?.length, 1_000_000)
})

t.test('every prefix is read without failing and at most its last line is malformed', async t => {
  for (const text of [debian, alpine, rocky]) {
    for (let length = 0; length <= text.length; length += 1) {
      const { malformed } = parseOsRelease(text.slice(0, length))
      const last = text.slice(0, length).split('\n').length
      if (malformed.some(line => line !== last)) t.fail(`prefix of ${length}: lines ${malformed.join()} are malformed`)
    }
  }
  t.pass('read')
})

const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 30 })

t.test('any value quoted the way a shell needs is read back', async t => {
  fc.assert(
    fc.property(printable, value => {
      const double = `A="${value.replace(/[$"\\`]/g, '\\$&')}"`
      t.equal(parseOsRelease(double).values.get('A'), value)
      if (!value.includes("'")) t.equal(parseOsRelease(`A='${value}'`).values.get('A'), value)
    }),
    { numRuns: 200 },
  )
})

t.test('a shell reads the same out of double quotes', async t => {
  const values = fc.sample(
    fc.string({ unit: fc.constantFrom('a', ' ', '\\', '$', '`', '"', "'", 'n'), maxLength: 12 }),
    { numRuns: 200, seed: 7 },
  )
  const quoted = values.map(value => value.replace(/(?<!\\)(?:\\\\)*["$`]/g, '\\$&')).map(value => `A="${value}"`)
  const valid = quoted.filter(line => parseOsRelease(line).malformed.length === 0)
  const script = valid.map(line => `${line}\nprintf '%s\\n' "$A"`).join('\n')
  const printed = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\n').slice(0, -1)
  t.ok(valid.length > 50, `${valid.length} lines to compare`)
  t.strictSame(
    printed,
    valid.map(line => parseOsRelease(line).values.get('A')),
  )
})

t.test('any text is read without failing', async t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), text => {
      const { values, malformed } = parseOsRelease(text)
      return values.size + malformed.length <= text.split('\n').length
    }),
  )
  t.pass('read')
})
