// Tests of the modules.builtin parser.

import { deepEqual } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parseModulesBuiltin } from '../../../agent/parse/modules-builtin.ts'
import { anyText, judgesLinesAlone } from '../../damaged-text.ts'
import { fixtureRoot } from '../../fixture-host.ts'

t.test('paths become names', async t => {
  const { names, malformed } = parseModulesBuiltin('kernel/fs/ext4/ext4.ko\nkernel/lib/crypto/libsha-256.ko\n')
  t.strictSame([...names], ['ext4', 'libsha_256'])
  t.strictSame(malformed, [])
})

t.test('the list of a Debian kernel is read whole', async t => {
  const text = readFileSync(
    `${fixtureRoot('debian12-vm')}/usr/lib/modules/6.1.0-56-cloud-amd64/modules.builtin`,
    'utf8',
  )
  const { names, malformed } = parseModulesBuiltin(text)
  t.equal(names.size, text.trim().split('\n').length)
  t.strictSame(malformed, [])
})

t.test('other lines are told by number, CRLF and a missing last newline do not matter', async t => {
  const { names, malformed } = parseModulesBuiltin('kernel/a.ko\r\nnonsense\n\n# made by kbuild\nkernel/b.ko')
  t.strictSame([...names], ['a', 'b'])
  t.strictSame(malformed, [2])
  t.strictSame(parseModulesBuiltin(`${'x'.repeat(1 << 20)}.ko`).malformed, [1])
  t.strictSame([...parseModulesBuiltin('').names], [])
  t.strictSame(parseModulesBuiltin('kernel/\0.ko\nkernel/a\udcff.ko').malformed, [1])
})

const modulePath = fc
  .tuple(fc.array(fc.stringMatching(/^[a-z0-9-]{1,6}$/), { maxLength: 3 }), fc.stringMatching(/^[a-z0-9_-]{1,10}$/))
  .map(([folders, name]) => ({ path: [...folders, `${name}.ko`].join('/'), name: name.replaceAll('-', '_') }))

t.test('any list is read whole, between blank lines and comments', async () => {
  const line = fc.oneof(
    modulePath.map(({ path, name }) => ({ name, text: path })),
    fc.constantFrom('', '  ', '# made by kbuild', '\r').map(text => ({ name: '', text })),
    fc.constantFrom('kernel/a', 'a.ko/', 'a.ko: b.ko').map(text => ({ name: undefined, text })),
  )
  fc.assert(
    fc.property(fc.array(line), lines => {
      const { names, malformed } = parseModulesBuiltin(lines.map(({ text }) => text).join('\n'))
      deepEqual([...names], [...new Set(lines.flatMap(({ name }) => name || []))])
      deepEqual(
        malformed,
        lines.flatMap(({ name }, index) => (name === undefined ? [index + 1] : [])),
      )
    }),
  )
})

t.test('a line is judged by itself, and no text has names but those of modules', async () => {
  const real = 'kernel/fs/ext4/ext4.ko\nkernel/lib/libsha-256.ko\nkernel/net/sctp.ko\n'
  judgesLinesAlone(parseModulesBuiltin, real)
  fc.assert(
    fc.property(anyText(real), text => {
      deepEqual(
        [...parseModulesBuiltin(text).names].filter(name => !/^[^\0-\x20\x7f/*?[\]\\-]{1,55}$/.test(name)),
        [],
      )
    }),
  )
})
