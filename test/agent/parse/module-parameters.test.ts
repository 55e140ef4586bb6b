// Tests of module parameters on the kernel command line.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseModuleParameters } from '../../../agent/parse/module-parameters.ts'
import { anyText } from '../../damaged-text.ts'

t.test('the three parameters are read', async t => {
  t.strictSame(
    parseModuleParameters(
      'root=/dev/vda quiet module_blacklist=sctp,dccp modprobe.blacklist=pcspkr,snd-pcsp modules_load=loop,br-netfilter\n',
    ),
    { denied: ['sctp', 'dccp'], blacklisted: ['pcspkr', 'snd_pcsp'], autoloaded: ['loop', 'br_netfilter'] },
  )
  t.strictSame(parseModuleParameters(''), { denied: [], blacklisted: [], autoloaded: [] })
})

t.test('the last module_blacklist= wins, those of modprobe add up', async t => {
  const { denied, blacklisted } = parseModuleParameters(
    'module_blacklist=a module-blacklist=b modprobe.blacklist=c modprobe.blacklist=d',
  )
  t.strictSame(denied, ['b'])
  t.strictSame(blacklisted, ['c', 'd'])
})

t.test('the kernel compares names byte by byte, so that a dash denies nothing', async t => {
  t.strictSame(parseModuleParameters('module_blacklist=usb-storage,usb_storage').denied, ['usb_storage'])
})

t.test('what follows -- is not for the kernel', async t => {
  t.strictSame(parseModuleParameters('quiet -- module_blacklist=sctp modprobe.blacklist=rds'), {
    denied: [],
    blacklisted: ['rds'],
    autoloaded: [],
  })
})

t.test('quotes, empty names and hostile text', async t => {
  t.strictSame(parseModuleParameters('module_blacklist="sctp,rds" x="a module_blacklist=no"').denied, ['sctp', 'rds'])
  t.strictSame(parseModuleParameters('modprobe.blacklist="a,b,c"').blacklisted, ['b'], 'modprobe keeps the quotes')
  t.strictSame(parseModuleParameters('module_blacklist=,,a, modprobe.blacklist').denied, ['a'])
  for (const piece of ['"', '" ', 'module_blacklist=', 'a,', '-- ', '"a']) {
    t.ok(parseModuleParameters(piece.repeat(1 << 16)))
  }
})

t.test('what any command line says is read, as kernel and programs read it', async () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/)
  const names = fc.array(name, { minLength: 1, maxLength: 3 })
  const dashed = (list: readonly string[]) => list.map(one => one.replaceAll('_', '-')).join(',')
  const unique = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())]
  const word = fc.oneof(
    names.map(list => ({ key: 'denied', list, text: `module_blacklist=${list}` })),
    names.map(list => ({ key: 'denied', list, text: `module-blacklist="${list}"` })),
    names.map(list => ({ key: 'blacklisted', list, text: `modprobe.blacklist=${dashed(list)}` })),
    names.map(list => ({ key: 'autoloaded', list, text: `modules-load="${dashed(list)}"` })),
    fc
      .constantFrom('quiet', 'x="a module_blacklist=no"', 'root=/dev/vda', 'modules_loader=y')
      .map(text => ({ key: '', list: [], text })),
  )
  fc.assert(
    fc.property(fc.array(word), fc.array(word), fc.constantFrom(' ', '  ', '\t', '\n'), (before, after, blank) => {
      const all = [...before, ...after]
      const of = (key: string) => unique(all.filter(one => one.key === key).map(({ list }) => list))
      const text = [...before.map(one => one.text), '--', ...after.map(one => one.text)].join(blank)
      deepEqual(parseModuleParameters(text), {
        denied: unique([before.findLast(({ key }) => key === 'denied')?.list ?? []]),
        blacklisted: of('blacklisted'),
        autoloaded: of('autoloaded'),
      })
    }),
  )
})

t.test('nothing but names of modules comes out of any text', async () => {
  const real = 'BOOT_IMAGE=/vmlinuz quiet module_blacklist=sctp,dccp "modprobe.blacklist=a,b" modules_load=loop -- x\n'
  fc.assert(
    fc.property(anyText(real), text => {
      const { denied, blacklisted, autoloaded } = parseModuleParameters(text)
      const found = [...denied, ...blacklisted, ...autoloaded]
      deepEqual(
        found.filter(name => !/^[^\0-\x20\x7f/*?[\]\\-]{1,55}$/.test(name)),
        [],
      )
      deepEqual(
        found.filter(name => !text.replaceAll('-', '_').replaceAll('"', '').includes(name)),
        [],
      )
    }),
  )
})
