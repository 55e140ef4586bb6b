// The attribute security.capability as setcap writes it, in each version, cut anywhere, and as any bytes at all.
import * as fc from 'fast-check'
import t from 'tap'
import { parseFileCapability } from '../../../agent/parse/file-capability.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

/** As `setcap cap_net_raw=ep` of libcap 2.66 writes it. */
const ping = bytes('01000002 00200000 00000000 00000000 00000000')

t.test('what setcap writes is read', async t => {
  t.same(parseFileCapability(ping), { permitted: ['cap_net_raw'], inheritable: [], effective: true, rootUid: 0 })
  t.same(parseFileCapability(bytes('00000002 00000000 00040000 80000000 00000000')), {
    ...{ permitted: ['cap_bpf'], inheritable: ['cap_net_bind_service'], effective: false, rootUid: 0 },
  })
})

t.test('the first version has one word a set, the third a root of its namespace', async t => {
  t.same(parseFileCapability(bytes('01000001 00002000 00000000')), {
    ...{ permitted: ['cap_sys_admin'], inheritable: [], effective: true, rootUid: 0 },
  })
  t.same(parseFileCapability(bytes('01000003 02000000 00000000 00000000 00000000 a0860100')), {
    ...{ permitted: ['cap_dac_override'], inheritable: [], effective: true, rootUid: 100_000 },
  })
})

t.test('capabilities of later kernels have numbers', async t => {
  t.same(parseFileCapability(bytes('00000002 00000000 00000000 00000080 00000000'))?.permitted, ['cap_63'])
})

t.test('every prefix, other lengths and unknown versions are refused', async t => {
  for (let length = 0; length < ping.length; length += 1)
    t.equal(parseFileCapability(ping.subarray(0, length)), undefined)
  t.equal(parseFileCapability(Uint8Array.of(...ping, 0)), undefined)
  t.equal(parseFileCapability(bytes('01000004 00200000 00000000 00000000 00000000')), undefined)
})

t.test('whatever the bytes are, it answers', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), value => {
      const found = parseFileCapability(value)
      return found === undefined || found.permitted.length <= 64
    }),
  )
})
