// Tests of module names.
import t from 'tap'
import { isModuleName, moduleNameOfPath, underscored } from '../../../agent/parse/module-name.ts'

t.test('dashes become underscores, brackets stay as they are', async t => {
  t.equal(underscored('usb-storage'), 'usb_storage')
  t.equal(underscored('a-[b-c]-d'), 'a_[b-c]_d')
  t.equal(underscored('a[b'), undefined)
  t.equal(underscored('a]b'), undefined)
})

t.test('the file of a module names it, compressed or not', async t => {
  t.equal(moduleNameOfPath('kernel/net/sctp/sctp.ko'), 'sctp')
  t.equal(moduleNameOfPath('kernel/drivers/usb-storage.ko.xz'), 'usb_storage')
  t.equal(moduleNameOfPath('updates/dkms/x.ko.zst'), 'x')
  t.equal(moduleNameOfPath('kernel/modules.order'), undefined)
  t.equal(moduleNameOfPath('kernel/.ko'), undefined)
})

t.test('a name that no module can have is told', async t => {
  for (const name of ['sctp', '8021q', 'nf_conntrack', 'snd-pcm', 'a+b', 'é']) t.ok(isModuleName(name), name)
  for (const name of ['', 'foo\r', 'a b', 'usb*', 'a/b', 'a[0]', '\0', 'x'.repeat(56)])
    t.notOk(isModuleName(name), JSON.stringify(name))
})
