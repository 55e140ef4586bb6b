// Tests of the /proc/modules parser.
import fc from 'fast-check'
import t from 'tap'
import { parseProcModules } from '../../../agent/parse/proc-modules.ts'

const debian = `nft_chain_nat 16384 3 - Live 0x0000000000000000
nf_nat 57344 2 nft_chain_nat,xt_MASQUERADE, Live 0x0000000000000000
ip_tables 36864 8 - Live 0xffffffffc0a00000
`

t.test('modules with size, users and dependants are read', async t => {
  t.strictSame(parseProcModules(debian).modules[1], {
    name: 'nf_nat',
    sizeBytes: 57344,
    refcount: 2,
    dependants: ['nft_chain_nat', 'xt_MASQUERADE'],
    taints: [],
  })
  t.strictSame(parseProcModules(debian).malformed, [])
  t.strictSame(parseProcModules(''), { modules: [], malformed: [] })
})

t.test('taint letters, permanent modules and kernels without unloading are read', async t => {
  const text = `nvidia 56000000 2 nvidia_modeset, Live 0x0 (POE)
zfs 4000000 6 - Live 0x0 (PO)
stuck 16384 1 [permanent], Live 0x0
going 16384 0 - Unloading 0x0 (E-)
coming 16384 0 - Loading 0x0 (E+)
fixed 16384 - - Live 0x0
`
  const { modules, malformed } = parseProcModules(text)
  t.strictSame(
    modules.map(({ name, taints }) => [name, taints.join('')]),
    [
      ['nvidia', 'POE'],
      ['zfs', 'PO'],
      ['stuck', ''],
      ['going', 'E'],
      ['coming', 'E'],
      ['fixed', ''],
    ],
  )
  t.strictSame(modules[2]?.dependants, [])
  t.equal(modules[5]?.refcount, -1)
  t.strictSame(malformed, [])
})

t.test('lines that are no module are told by number', async t => {
  t.strictSame(
    parseProcModules('x 1 2\n\nsctp 446464 2 - Live 0x0\ny -1 0 - Live 0x0\nz 1 1 - Dead 0x0\n').malformed,
    [1, 4, 5],
  )
  t.equal(parseProcModules('sctp 1 0 - Live 0x0\nsctp 2 0 - Live 0x0\n').modules.length, 1, 'a name counts once')
})

t.test('a line whose columns are nearly those of a module is none', async t => {
  const wrong = [
    ...[
      ' 1 0 - Live 0x0',
      'x  0 - Live 0x0',
      'x 1x 0 - Live 0x0',
      'x x1 0 - Live 0x0',
      'x 1234567890123456 0 - Live 0x0',
    ],
    ...['x 1 0x - Live 0x0', 'x 1 x0 - Live 0x0', 'x 1 0  Live 0x0', 'x 1 0 - xLive 0x0', 'x 1 0 - Lively 0x0'],
    ...['x 1 0 -', 'x 1 0', 'x 1', 'x', ' '],
  ]
  const { modules, malformed } = parseProcModules(wrong.join('\n'))
  t.strictSame(modules, [])
  t.equal(malformed.length, wrong.length)
})

t.test('names are written with underscores, counts may be large, taints stand last', async t => {
  const { modules } = parseProcModules(
    'snd-hda 999999999999999 1234567890 a,b, Live 0x0 (O)\ny 1 0 - Live 0x0 (O) 7\nz 1 0 - Live 0x0 x(O)\n',
  )
  t.strictSame(modules[0], {
    ...{
      name: 'snd_hda',
      sizeBytes: 999_999_999_999_999,
      refcount: 1_234_567_890,
      dependants: ['a', 'b'],
      taints: ['O'],
    },
  })
  t.strictSame(modules[1]?.taints, [])
  t.strictSame(modules[2]?.taints, [])
  t.strictSame(modules[1]?.dependants, [])
})

t.test('every prefix and any text is survived', async t => {
  for (let length = 0; length <= debian.length; length++) t.ok(parseProcModules(debian.slice(0, length)))
  t.strictSame(parseProcModules('a'.repeat(1 << 20)).malformed, [1])
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => parseProcModules(text).modules.length >= 0))
})
