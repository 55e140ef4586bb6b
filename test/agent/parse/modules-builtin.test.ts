// Tests of the modules.builtin parser.

import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseModulesBuiltin } from '../../../agent/parse/modules-builtin.ts'
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
