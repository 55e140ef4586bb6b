// Tests of module parameters on the kernel command line.
import t from 'tap'
import { parseModuleParameters } from '../../../agent/parse/module-parameters.ts'

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
