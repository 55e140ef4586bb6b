// Tests of naming capabilities.
import fc from 'fast-check'
import t from 'tap'
import {
  capabilityName,
  capabilityNames,
  fileCapabilityNames,
  isAllCapabilities,
} from '../../../agent/parse/capabilities.ts'

t.test('the set that engines give by default', async t => {
  t.strictSame(capabilityNames(0xa80425fbn), [
    ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'NET_BIND_SERVICE'],
    ...['NET_RAW', 'SYS_CHROOT', 'MKNOD', 'AUDIT_WRITE', 'SETFCAP'],
  ])
  t.strictSame(capabilityNames(0n), [])
  t.equal(capabilityNames(0x1ffffffffffn).length, 41)
  t.strictSame(capabilityNames(1n << 41n), ['CAP_41'], 'a capability of a later kernel')
})

t.test('every capability of capabilities(7) by its number', async t => {
  const byNumber = `chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable
    net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace
    sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control
    setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore`.split(
    /\s+/,
  )
  for (const [number, name] of byNumber.entries()) {
    t.strictSame(capabilityNames(1n << BigInt(number)), [name.toUpperCase()])
    t.strictSame(fileCapabilityNames(1n << BigInt(number)), [`cap_${name}`])
    t.equal(capabilityName(name), name.toUpperCase())
  }
  t.strictSame(fileCapabilityNames(1n << 63n), ['cap_63'])
})

t.test('all means all that process 1 of the host may have', async t => {
  const host = 0x1ffffffffffn
  t.equal(isAllCapabilities(0x1ffffffffffn, host, 40), true)
  t.equal(isAllCapabilities(0x3fffffffffn, host, 40), true, 'an engine that knows 38 of 41')
  t.equal(isAllCapabilities(0x1fffffffffn, host, 40), false, 'without AUDIT_READ')
  t.equal(isAllCapabilities(0xa80425fbn, host, 40), false)
  t.equal(isAllCapabilities(0x1fffeffffffn, 0x1fffeffffffn, 40), true, 'a host without SYS_RESOURCE')
  t.equal(isAllCapabilities(0x7fn, 0x7fn, 6), true, 'a kernel that knows seven')
  t.equal(isAllCapabilities(0n, 0n, 40), false, 'nothing is not all')
})

t.test('names of manifests', async t => {
  for (const text of ['NET_ADMIN', 'CAP_NET_ADMIN', 'net_admin', 'cap_net_admin'])
    t.equal(capabilityName(text), 'NET_ADMIN')
  t.equal(capabilityName('ALL'), 'ALL')
  for (const text of ['', 'NET-ADMIN', 'toString', 'secret']) t.equal(capabilityName(text), undefined)
})

t.test('as many names as bits', async t => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), mask => {
      const bits = [...mask.toString(2)].filter(bit => bit === '1').length
      return new Set(capabilityNames(mask)).size === bits
    }),
  )
  t.pass('random sets')
})
