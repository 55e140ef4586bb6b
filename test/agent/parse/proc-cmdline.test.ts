// Tests of the parser of the kernel command line.
import fc from 'fast-check'
import t from 'tap'
import { parseProcCmdline, securityBootParameters } from '../../../agent/parse/proc-cmdline.ts'

const debian =
  'root=/dev/vda rw console=ttyS0 net.ifnames=0 quiet loglevel=4 apparmor=1 security=apparmor mitigations=off cryptomgr.notests \n'
const ubuntu =
  'BOOT_IMAGE=/vmlinuz-6.8.0-45-generic root=/dev/mapper/ubuntu--vg-root ro audit=1 audit_backlog_limit=8192\n'
const rhel =
  'BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.14.0 root=/dev/mapper/rhel-root ro crashkernel=1G-4G:192M rd.luks.uuid=luks-1 selinux=0 fips=1\n'
const security = (text: string) =>
  securityBootParameters(parseProcCmdline(text)).map(({ position, name, value }) => [position, name, value])

t.test('security relevant parameters of several distributions are told with their places', async t => {
  t.strictSame(security(debian), [
    [6, 'apparmor', '1'],
    [7, 'security', 'apparmor'],
    [8, 'mitigations', 'off'],
  ])
  t.strictSame(security(ubuntu), [
    [3, 'audit', '1'],
    [4, 'audit_backlog_limit', '8192'],
  ])
  t.strictSame(security(rhel), [
    [5, 'selinux', '0'],
    [6, 'fips', '1'],
  ])
})

t.test('nothing but the listed parameters leaves, whatever they carry', async t => {
  const secret = 'canary-5e1f'
  const text = `ds=nocloud;s=http://u:${secret}@h/ rd.luks.key=${secret} my_apparmor=${secret} apparmorx=${secret} token=${secret} apparmor=1`
  t.strictSame(security(text), [[5, 'apparmor', '1']])
})

t.test('a dash in a name is the same as an underscore, repeated parameters all stay', async t => {
  t.strictSame(security('module-blacklist=a,b module_blacklist=c randomize-kstack-offset=on ima_policy=tcb'), [
    [0, 'module_blacklist', 'a,b'],
    [1, 'module_blacklist', 'c'],
    [2, 'randomize_kstack_offset', 'on'],
    [3, 'ima_policy', 'tcb'],
  ])
})

t.test('quotes hold white space together and go, as in the kernel', async t => {
  const parsed = parseProcCmdline('a="x y" "b=c d" e=f"g h"i "bare word" j="" k="open end')
  t.strictSame(
    parsed.map(({ name, value }) => [name, value]),
    [
      ['a', 'x y'],
      ['b', 'c d'],
      ['e', 'f"g h"i'],
      ['bare word', ''],
      ['j', ''],
      ['k', 'open end'],
    ],
  )
})

t.test('what follows a bare -- belongs to process 1', async t => {
  t.strictSame(security('lsm=yama -- apparmor=0 lockdown=none'), [[0, 'lsm', 'yama']])
  t.strictSame(security('"--" lockdown=none'), [[1, 'lockdown', 'none']])
})

t.test('empty text has none, tabs and CRLF separate', async t => {
  t.strictSame(parseProcCmdline(''), [])
  t.strictSame(parseProcCmdline(' \n'), [])
  t.strictSame(security('quiet\tapparmor=0\r\n'), [[1, 'apparmor', '0']])
})

t.test('every prefix tells only parameters of the whole line or the cut one', async t => {
  for (const text of [debian, ubuntu, rhel, 'a="x y" lsm="landlock,yama" b']) {
    const whole = parseProcCmdline(text)
    for (let length = 0; length <= text.length; length += 1) {
      for (const { position, name, value } of parseProcCmdline(text.slice(0, length))) {
        const full = whole[position]
        if (!full?.name.startsWith(name) || !full.value.startsWith(value)) t.fail(`prefix of ${length}: ${name}`)
      }
    }
  }
  t.pass('nothing was made up')
})

t.test('any text is read without failing, places count up', async t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), text =>
      parseProcCmdline(text).every(({ position }, index) => position === index),
    ),
  )
  t.equal(parseProcCmdline('a '.repeat(500_000)).length, 500_000)
})
