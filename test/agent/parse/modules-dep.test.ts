// Tests of the modules.dep parser.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseModulesDep } from '../../../agent/parse/modules-dep.ts'
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
