// What getcap prints of a file becomes the attribute again, and nothing else becomes one.
import fc from 'fast-check'
import t from 'tap'
import { parseFileCapability } from '../../../agent/parse/file-capability.ts'
import { capabilityOfGetcap } from '../../../agent/parse/getcap.ts'

const parsed = (text: string) => {
  const hex = capabilityOfGetcap(text)
  return hex === undefined ? undefined : parseFileCapability(Buffer.from(hex, 'hex'))
}

t.test('as libcap 2.66 prints it', async t => {
  t.equal(capabilityOfGetcap(' cap_net_raw=ep'), '0100000200200000000000000000000000000000')
  t.same(parsed(' cap_dac_override,cap_net_admin+eip'), {
    ...{ permitted: ['cap_dac_override', 'cap_net_admin'], inheritable: ['cap_dac_override', 'cap_net_admin'] },
    ...{ effective: true, rootUid: 0 },
  })
  t.match(parsed(' cap_bpf=p'), { permitted: ['cap_bpf'], inheritable: [], effective: false })
  t.match(parsed(' cap_net_raw=p cap_chown+i'), { permitted: ['cap_net_raw'], inheritable: ['cap_chown'] })
  t.match(parsed(' cap_net_raw=ep [rootid=100000]'), { permitted: ['cap_net_raw'], rootUid: 100_000 })
})

t.test('as libcap before 2.41 printed it', async t => {
  t.equal(capabilityOfGetcap(' = cap_net_raw+ep'), capabilityOfGetcap(' cap_net_raw=ep'))
})

t.test('all of them, and all but some', async t => {
  t.equal(parsed(' =ep')?.permitted.length, 41)
  const most = parsed(' =ep cap_sys_admin-ep')?.permitted ?? []
  t.equal(most.length, 40)
  t.notOk(most.includes('cap_sys_admin'))
  t.match(parsed(' cap_45=ep'), { permitted: ['cap_45'] })
})

t.test('anything else is nothing', async t => {
  for (const text of [
    '',
    ' ',
    ' cap_unknown=ep',
    ' cap_net_raw',
    ' cap_net_raw=x',
    ' cap_64=p',
    ' failed: no such file',
  ])
    t.equal(capabilityOfGetcap(text), undefined, JSON.stringify(text))
  const valid = ' cap_net_raw,cap_chown=ep cap_bpf+i [rootid=7]'
  for (let end = 0; end < valid.length; end += 1) {
    const hex = capabilityOfGetcap(valid.slice(0, end))
    if (hex !== undefined) t.ok(parseFileCapability(Buffer.from(hex, 'hex')), valid.slice(0, end))
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const hex = capabilityOfGetcap(text)
      return hex === undefined || parseFileCapability(Buffer.from(hex, 'hex')) !== undefined
    }),
  )
})
