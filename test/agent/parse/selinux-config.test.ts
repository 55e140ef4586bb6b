// Tests of the parser of /etc/selinux/config, and of the type in a label.
import fc from 'fast-check'
import t from 'tap'
import { parseSelinuxConfig } from '../../../agent/parse/selinux-config.ts'
import { typeOfLabel } from '../../../agent/parse/selinux-label.ts'

// As Red Hat 9 ships it, shortened.
const red = `
# This file controls the state of SELinux on the system.
# SELINUX= can take one of these three values:
#     enforcing - SELinux security policy is enforced.
SELINUX=enforcing
# SELINUXTYPE= can take one of these three values:
SELINUXTYPE=targeted


`

t.test('mode and type', async t => {
  const wanted = { mode: 'enforcing', type: 'targeted', malformed: [] }
  t.strictSame(parseSelinuxConfig(red), wanted)
  t.strictSame(parseSelinuxConfig(red.replaceAll('\n', '\r\n')), wanted)
  t.strictSame(parseSelinuxConfig(''), { mode: 'none', type: '', malformed: [] })
})

t.test('the first known mode and the last type count', async t => {
  t.match(parseSelinuxConfig('SELINUX= Permissive \nSELINUX=enforcing\n'), { mode: 'permissive' })
  t.match(parseSelinuxConfig('SELINUX=canary\nSELINUX=disabled\n'), { mode: 'disabled', malformed: [1] })
  t.match(parseSelinuxConfig(' SELINUX=disabled\n SELINUXTYPE=mls\nSELINUXTYPE=../x\n'), { mode: 'none', type: 'mls' })
  t.match(parseSelinuxConfig('#SELINUX=enforcing\n#SELINUXTYPE=x\n'), { mode: 'none', type: '' })
})

t.test('every prefix and any text are answered', async t => {
  for (let length = 0; length <= red.length; length += 1) {
    t.ok(['none', 'enforcing'].includes(parseSelinuxConfig(red.slice(0, length)).mode))
  }
  const line = fc.oneof(fc.constantFrom('SELINUX=', 'SELINUXTYPE='), fc.string({ unit: 'binary' }))
  const property = fc.property(fc.array(line), lines => /^[\w-]*$/.test(parseSelinuxConfig(lines.join('')).type))
  t.doesNotThrow(() => fc.assert(property))
})

t.test('types of labels', async t => {
  t.equal(typeOfLabel('system_u:system_r:sshd_t:s0-s0:c0.c1023\0'), 'sshd_t')
  t.equal(typeOfLabel('system_u:system_r:init_t:s0\n'), 'init_t')
  t.equal(typeOfLabel('system_u:system_r:kernel_t\0'), 'kernel_t')
  for (const text of [
    '',
    'unconfined',
    '/usr/sbin/x (enforce)',
    'a:b:c d:s0',
    'a:b',
    ':::',
    `a:b:${'c'.repeat(200)}`,
  ]) {
    t.equal(typeOfLabel(text), undefined, text.slice(0, 20))
  }
})
