// Tests of the modules.dep parser.
import { deepEqual } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parseModulesDep } from '../../../agent/parse/modules-dep.ts'
import { anyText, judgesLinesAlone } from '../../damaged-text.ts'
import { fixtureRoot } from '../../fixture-host.ts'

t.test('the module of each line counts, its dependencies do not', async t => {
  const { names, malformed } = parseModulesDep(
    'kernel/net/sctp/sctp.ko.xz: kernel/lib/libcrc32c.ko.xz\nkernel/fs/udf/udf.ko:\nupdates/x-y.ko.zst:\n',
  )
  t.strictSame([...names], ['sctp', 'udf', 'x_y'])
  t.strictSame(malformed, [])
})

t.test('the list of a Debian kernel is read whole', async t => {
  const text = readFileSync(`${fixtureRoot('debian12-vm')}/usr/lib/modules/6.1.0-56-cloud-amd64/modules.dep`, 'utf8')
  const { names, malformed } = parseModulesDep(text)
  t.equal(names.size, text.trim().split('\n').length)
  t.ok(names.has('sctp') && names.has('usb_storage') === text.includes('usb-storage.ko:'))
  t.strictSame(malformed, [])
})

t.test('other lines are told by number, every prefix is survived', async t => {
  const text = 'kernel/a.ko: kernel/b.ko\r\nno colon\nkernel/c.ko:\n'
  t.strictSame(parseModulesDep(text).malformed, [2])
  for (let length = 0; length <= text.length; length++) t.ok(parseModulesDep(text.slice(0, length)))
  t.equal(parseModulesDep('kernel/a.ko:\n'.repeat(100_000)).names.size, 1)
})

const modulePath = fc
  .tuple(fc.array(fc.stringMatching(/^[a-z0-9-]{1,6}$/), { maxLength: 3 }), fc.stringMatching(/^[a-z0-9_-]{1,10}$/))
  .map(([folders, name]) => ({ path: [...folders, `${name}.ko.xz`].join('/'), name: name.replaceAll('-', '_') }))

t.test('any list is read whole, whatever depends on what, between blank lines and comments', async () => {
  const line = fc.oneof(
    fc
      .tuple(modulePath, fc.array(modulePath, { maxLength: 2 }))
      .map(([{ path, name }, needs]) => ({ name, text: `${path}:${needs.map(one => ` ${one.path}`).join('')}` })),
    fc.constantFrom('', '  ', '# made by kbuild', '\r').map(text => ({ name: '', text })),
    fc
      .constantFrom('kernel/a.ko', 'kernel/a.kox', ':kernel/a.ko', ': kernel/a.ko', 'kernel/a: kernel/b.ko')
      .map(text => ({ name: undefined, text })),
  )
  fc.assert(
    fc.property(fc.array(line), lines => {
      const { names, malformed } = parseModulesDep(lines.map(({ text }) => text).join('\n'))
      deepEqual([...names], [...new Set(lines.flatMap(({ name }) => name || []))])
      deepEqual(
        malformed,
        lines.flatMap(({ name }, index) => (name === undefined ? [index + 1] : [])),
      )
    }),
  )
})

t.test('a line is judged by itself, and no text has names but those of modules', async () => {
  const real = 'kernel/fs/ext4/ext4.ko.xz: kernel/lib/crc16.ko.xz\nkernel/lib/libsha-256.ko:\nkernel/net/sctp.ko.zst:\n'
  judgesLinesAlone(parseModulesDep, real)
  fc.assert(
    fc.property(anyText(real), text => {
      deepEqual(
        [...parseModulesDep(text).names].filter(name => !/^[^\0-\x20\x7f/*?[\]\\-]{1,55}$/.test(name)),
        [],
      )
    }),
  )
})
