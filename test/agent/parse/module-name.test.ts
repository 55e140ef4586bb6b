// Tests of module names.
import { equal } from 'node:assert/strict'
import fc from 'fast-check'
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

const anyName = fc.stringMatching(/^[a-z_[\]*-]{0,12}$/)

t.test('dashes outside of brackets are the only thing that changes', async () => {
  fc.assert(
    fc.property(anyName, name => {
      const result = underscored(name)
      // Pieces outside and inside of brackets in turns, if every bracket that opens is closed.
      const balanced = /^(?:[^[\]]|\[[^\]]*\])*$/.test(name)
      equal(result !== undefined, balanced, name)
      if (result === undefined) return
      equal(
        result,
        name.replace(/\[[^\]]*\]|-/g, piece => (piece === '-' ? '_' : piece)),
      )
      equal(underscored(result), result, 'done once is done')
    }),
  )
})

t.test('any module is named by its file, wherever it lies and however it is compressed', async () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_+.-]{1,55}$/).filter(text => !/\.ko$/.test(text))
  const folder = fc.stringMatching(/^[a-z.-]{1,6}$/)
  fc.assert(
    fc.property(
      fc.array(folder, { maxLength: 4 }),
      name,
      fc.constantFrom('', '.gz', '.xz', '.zst', '.lz4'),
      (folders, module, end) => {
        equal(moduleNameOfPath([...folders, `${module}.ko${end}`].join('/')), module.replaceAll('-', '_'))
        equal(moduleNameOfPath([...folders, `${module}.ko${end}`, 'x'].join('/')), undefined)
      },
    ),
  )
})

t.test('no text with a blank, a mark of patterns or a control character is a name', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
      const bad = [...text].some(char => char <= ' ' || '\x7f*?[]\\/'.includes(char))
      equal(isModuleName(text), text.length > 0 && text.length < 56 && !bad)
    }),
  )
})
