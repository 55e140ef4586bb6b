// Tests of the apt.conf parser, also against what apt-config itself reads.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { parseAptConf } from '../../../agent/parse/apt-conf.ts'
import { findTool } from '../../tools.ts'

const valuesOf = (text: string) => Object.fromEntries(parseAptConf(text).values)

t.test('both forms say the same', async t => {
  const debian = 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n'
  const nested = 'apt { periodic { Update-Package-Lists 1; Unattended-Upgrade "1"; }; };'
  const wanted = { 'apt::periodic::update-package-lists': '1', 'apt::periodic::unattended-upgrade': '1' }
  t.strictSame(valuesOf(debian), wanted)
  t.strictSame(valuesOf(nested), wanted)
  t.strictSame(valuesOf('A::B "1";\nA::B "0";'), { 'a::b': '0' }, 'the last one wins')
})

t.test('comments and lists are passed over', async t => {
  const text = `// A::X "1";
/* A::Y "1";
*/ A::Z "http://x//y"; # not a comment of the line's end
#A::W "1";
Unattended-Upgrade::Origins-Pattern {
  "origin=Debian,codename=\${distro_codename},label=Debian-Security";
  "x";
};
DPkg::Pre-Install-Pkgs {"/usr/sbin/dpkg-preconfigure --apt || true";};
`
  t.strictSame(valuesOf(text.replace(/ # not.*/, '')), { 'a::z': 'http://x//y' })
})

t.test('#clear forgets an option and what is below it', async t => {
  t.strictSame(valuesOf('A::B "1"; A::B::C "2"; A::D "3";\n#clear A::B;\n'), { 'a::d': '3' })
})

t.test('an option without a value, an item of a list and an empty scope have none', async t => {
  t.strictSame(valuesOf('A; B { }; C:: "x"; D "1";'), { d: '1' })
  t.strictSame(valuesOf('::A "1";'), { '::a': '1' }, 'colons in front do not make a list')
  t.strictSame(valuesOf('A { "x"; B "2"; }; C "3";'), { 'a::b': '2', c: '3' }, 'a quoted word is never a name')
  t.strictSame(valuesOf('A "1" B "2";'), {}, 'two values are none')
})

t.test('#clear in the middle of a name clears nothing', async t => {
  t.strictSame(valuesOf('A "1"; AB "2"; #clear A;'), { ab: '2' })
  t.strictSame(valuesOf('A "1";\n#clear a b;\n'), {}, 'what follows its name does not matter')
  t.strictSame(valuesOf('#cleared A;\nA "1";'), { a: '1' }, 'another word is a comment')
  t.strictSame(valuesOf('A { B "1"; C "2"; #clear A::B; };'), { 'a::c': '2' })
})

t.test('comments end where they end', async t => {
  t.strictSame(valuesOf('/* a\n b */ A "1"; /**/ B "2"; //\nC "3";# D "4";\nE "5"; // F "6";'), {
    a: '1',
    b: '2',
    c: '3',
    e: '5',
  })
  t.strictSame(valuesOf('# only'), {})
  t.strictSame(valuesOf('\t # blanks before it\nA "1";'), { a: '1' })
})

t.test('what is not understood is told by line', async t => {
  t.strictSame(parseAptConf('A { B "1"; };\nC "2";\n').malformed, [], 'nothing is wrong here')
  t.strictSame(parseAptConf('A "1" "2";\nB 1 2;\nC "3";').malformed, [1, 2])
  t.strictSame(parseAptConf('\n{ A "1"; };').malformed, [2], 'a scope without a name')
  t.strictSame(parseAptConf('A "1" {\n};').malformed, [1], 'a scope with a value')
  t.strictSame(parseAptConf('/*\n\n*/ }').malformed, [3], 'lines of comments count')
  t.strictSame(parseAptConf('/* x\n\n').malformed, [3])
  t.strictSame(parseAptConf('#include "x";\n#including\n}').malformed, [1, 3])
  t.strictSame(parseAptConf(`${'}\n'.repeat(11)}`).malformed, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  t.strictSame(parseAptConf(`${'a {'.repeat(32)}${'};'.repeat(32)}`).malformed, [], '32 scopes in each other')
  t.strictSame(parseAptConf(`${'a {'.repeat(33)}${'};'.repeat(33)}`).malformed, [1], '33 are too deep')
  t.strictSame(parseAptConf('A "1"; }\nB "2;\n#include "/etc/x";\n').malformed, [1, 2, 3])
  t.strictSame(parseAptConf('/* never closed').malformed, [1])
  t.strictSame(parseAptConf(`${'a {'.repeat(100)}`).malformed, [1])
})

t.test('prefixes, carriage returns and any text are survived', async t => {
  t.strictSame(valuesOf('A::B "1";\r\n// c\r\nA::C "2";\r\n'), { 'a::b': '1', 'a::c': '2' })
  const text = 'A { B "1"; /* c */ "x"; };\n#clear A::B;\n'
  for (let length = 0; length <= text.length; length++) t.ok(parseAptConf(text.slice(0, length)))
  t.equal(parseAptConf('a "'.repeat(50_000)).values.size, 0)
  t.equal(parseAptConf('/*'.repeat(500_000)).values.size, 0)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), any => parseAptConf(any).values.size <= any.length),
    { numRuns: 2000 },
  )
})

const option = fc.constantFrom('Gabion::A', 'gabion::a', 'Gabion::B::C', 'Gabion::B', 'Gabion::D')
const value = fc.constantFrom('"1"', '"0"', '1', '"a b"', '""', '"x;y"')
const statement = fc.oneof(
  fc.tuple(option, value).map(([name, text]) => `${name} ${text};`),
  fc.tuple(option, value).map(([name, text]) => `Gabion { ${name.replace(/^gabion::/i, '')} ${text}; };`),
  fc.tuple(option, value, value).map(([name, one, two]) => `${name} { ${one}; ${two}; };`),
  option.map(name => `#clear ${name};`),
  fc.constantFrom('// Gabion::A "5";', '/* Gabion::A "6"; */', '# Gabion::A "7";', ''),
)

t.test('on generated files the values are those that apt-config reads', async t => {
  const program = findTool('apt-config')
  if (!program) {
    t.comment('skipped: apt-config is not installed (package apt)')
    return
  }
  const directory = mkdtempSync(join(tmpdir(), 'gabion-apt-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'generated.conf')
  let compared = 0
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 8 }), statements => {
      const text = `${statements.join('\n')}\n`
      writeFileSync(path, text)
      const theirs = new Map<string, string>()
      const dump = execFileSync(program, ['dump'], { env: { APT_CONFIG: path }, encoding: 'utf8' })
      for (const [, name = '', shown = ''] of dump.matchAll(/^(Gabion[^ ]*[^: ]) "(.*)";$/gim)) {
        // An option that only holds others is printed as an empty one.
        if (shown !== '') theirs.set(name.toLowerCase(), shown)
      }
      const ours = [...parseAptConf(text).values].filter(([, shown]) => shown !== '')
      assert.deepEqual(Object.fromEntries(ours), Object.fromEntries(theirs), text)
      compared += theirs.size
    }),
    { numRuns: 150 },
  )
  t.ok(compared > 100, `${compared} values were compared`)
})
